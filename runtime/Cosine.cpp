//===- Cosine.cpp - a table of cosines that is the same everywhere --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Half-angle formulas give the point e^(2 pi i / 2^b) for every b; the point of
// an index is the product of those of its bits. Fixed point with 62 fraction
// bits: at most 20 products keep the error under 2^-56, far below the 30 bits
// of the table.
//
//===----------------------------------------------------------------------===//

#include "runtime/Cosine.h"

#include <array>
#include <mutex>
#include <stdexcept>

namespace secformer::runtime {
namespace {

__extension__ typedef __int128 Wide;

constexpr unsigned workBits = 62;
constexpr int64_t one = int64_t(1) << workBits;

struct Point {
  int64_t cosine;
  int64_t sine;
};

int64_t times(int64_t a, int64_t b, int64_t c, int64_t d) {
  Wide sum = Wide(a) * b + Wide(c) * d + (Wide(1) << (workBits - 1));
  return static_cast<int64_t>(sum >> workBits);
}

Point product(Point a, Point b) {
  return {times(a.cosine, b.cosine, -a.sine, b.sine),
          times(a.cosine, b.sine, a.sine, b.cosine)};
}

/// The largest root with root^2 <= value, for value < 2^124.
int64_t squareRoot(Wide value) {
  int64_t root = 0;
  for (int64_t bit = one; bit != 0; bit >>= 1)
    if (Wide(root + bit) * (root + bit) <= value)
      root += bit;
  return root;
}

/// cos(t/2) = sqrt((1 + cos t) / 2), sin(t/2) = sin t / (2 cos(t/2)), for
/// 0 < t <= pi/2.
Point half(Point p) {
  int64_t cosine = squareRoot((Wide(one) + p.cosine) << (workBits - 1));
  return {cosine,
          static_cast<int64_t>((Wide(p.sine) << (workBits - 1)) / cosine)};
}

CosineTable makeTable(unsigned ring) {
  std::vector<Point> points(size_t(1) << ring);
  std::array<Point, cosineMaxRing + 1> unit = {}; // unit[b] = e^(2 pi i / 2^b)
  unit[0] = {one, 0};
  unit[1] = {-one, 0};
  unit[2] = {0, one};
  for (unsigned b = 3; b <= ring; ++b)
    unit[b] = half(unit[b - 1]);
  points[0] = unit[0];
  for (unsigned b = 0; b < ring; ++b)
    for (size_t i = 0, step = size_t(1) << b; i < step; ++i)
      points[step + i] = product(points[i], unit[ring - b]);
  CosineTable table(points.size());
  constexpr unsigned drop = workBits - cosineBits;
  for (size_t i = 0; i < points.size(); ++i)
    table[i] = static_cast<int32_t>(
        (points[i].cosine + (int64_t(1) << (drop - 1))) >> drop);
  return table;
}

} // namespace

std::shared_ptr<const CosineTable> cosineTable(unsigned ring) {
  if (ring < 2 || ring > cosineMaxRing)
    throw std::logic_error("cosineTable: ring outside 2..20 bits");
  static std::mutex mutex;
  static std::array<std::shared_ptr<const CosineTable>, cosineMaxRing + 1>
      tables;
  std::lock_guard lock(mutex);
  if (!tables[ring])
    tables[ring] = std::make_shared<const CosineTable>(makeTable(ring));
  return tables[ring];
}

} // namespace secformer::runtime
