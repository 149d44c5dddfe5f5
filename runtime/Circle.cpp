//===- Circle.cpp - points of the unit circle, the same everywhere --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Half-angle formulas give the point e^(2 pi i / 2^b) for every b; the point of
// an index is the product of those of its bits. Fixed point with 62 fraction
// bits: at most 10 products keep the error under 2^-56, below that of the
// rounding to float64.
//
//===----------------------------------------------------------------------===//

#include "runtime/Circle.h"

#include <array>
#include <cmath>
#include <mutex>
#include <stdexcept>

namespace secformer::runtime {
namespace {

__extension__ typedef __int128 Wide;

constexpr unsigned workBits = 62;
constexpr int64_t one = int64_t(1) << workBits;

struct FixedPoint {
  int64_t cosine;
  int64_t sine;
};

int64_t times(int64_t a, int64_t b, int64_t c, int64_t d) {
  Wide sum = Wide(a) * b + Wide(c) * d + (Wide(1) << (workBits - 1));
  return static_cast<int64_t>(sum >> workBits);
}

FixedPoint product(FixedPoint a, FixedPoint b) {
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
FixedPoint half(FixedPoint p) {
  int64_t cosine = squareRoot((Wide(one) + p.cosine) << (workBits - 1));
  return {cosine,
          static_cast<int64_t>((Wide(p.sine) << (workBits - 1)) / cosine)};
}

/// e^(2 pi i k / 2^ring) for k < 2^bits.
std::vector<Point> table(unsigned ring, unsigned bits) {
  std::array<FixedPoint, circleMaxRing + 1> unit = {}; // e^(2 pi i / 2^b)
  unit[0] = {one, 0};
  unit[1] = {-one, 0};
  unit[2] = {0, one};
  for (unsigned b = 3; b <= ring; ++b)
    unit[b] = half(unit[b - 1]);
  std::vector<FixedPoint> points = {unit[0]};
  for (unsigned b = 0; b < bits; ++b)
    for (size_t i = 0, step = size_t(1) << b; i < step; ++i)
      points.push_back(product(points[i], unit[ring - b]));
  std::vector<Point> result;
  for (const FixedPoint &p : points)
    result.push_back({std::ldexp(double(p.cosine), -int(workBits)),
                      std::ldexp(double(p.sine), -int(workBits))});
  return result;
}

} // namespace

Circle::Circle(unsigned ring)
    : mask((uint64_t(1) << ring) - 1), fineBits(ring / 2),
      coarse(table(ring - fineBits, ring - fineBits)),
      fine(table(ring, fineBits)) {}

std::shared_ptr<const Circle> Circle::of(unsigned ring) {
  if (ring < 2 || ring > circleMaxRing)
    throw std::logic_error("circle: ring outside 2..20 bits");
  static std::mutex mutex;
  static std::array<std::shared_ptr<const Circle>, circleMaxRing + 1> circles;
  std::lock_guard lock(mutex);
  if (!circles[ring])
    circles[ring] = std::make_shared<const Circle>(ring);
  return circles[ring];
}

} // namespace secformer::runtime
