//===- Product3.cpp - products of three masked values ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// x y z with x = X - d, y = Y - e, z = Z - f (X, Y, Z public) expands to
//   XYZ - XY f - XZ e - YZ d + X ef + Y df + Z de - def,
// of which the masks are shared and the dealer deals de, df, ef and def: one
// message of 4 words of k bits an element of the result, in the order
// xy (de), xz (df), yz (ef), xyz (def). P0 adds XYZ.
//
//===----------------------------------------------------------------------===//

#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Multiarch.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <algorithm>
#include <stdexcept>

namespace secformer::runtime {
namespace {

using kernels::Binary;
using kernels::spread;

void check(const WireType &x, const WireType &y, const WireType &z,
           const WireType &result) {
  if (result.ring > std::min({x.ring, y.ring, z.ring}) ||
      result.scale != x.scale + y.scale + z.scale ||
      result.shape !=
          broadcastShapes(broadcastShapes(x.shape, y.shape), z.shape))
    throw std::logic_error(
        "mul3: the result's type does not fit the operands'");
}

struct Operand {
  Array open; // X
  Array mask; // this party's share of d
};

/// Adds a party's terms to what it was dealt, c = [de, df, ef, def].
SECFORMER_MULTIARCH void combine(uint64_t *out, size_t n, const uint64_t *c,
                                 const uint64_t *X, const uint64_t *d,
                                 const uint64_t *Y, const uint64_t *e,
                                 const uint64_t *Z, const uint64_t *f,
                                 uint64_t first, uint64_t keep) {
  for (size_t i = 0; i < n; ++i) {
    uint64_t de = c[i], df = c[n + i], ef = c[2 * n + i], def = c[3 * n + i];
    uint64_t onX = Y[i] * (first * Z[i] - f[i]) - Z[i] * e[i] + ef;
    uint64_t rest = Y[i] * (df - Z[i] * d[i]) + Z[i] * de - def;
    out[i] = (X[i] * onX + rest) & keep;
  }
}

} // namespace

Wire Party::mul3(Wire x, Wire y, Wire z, const WireType &result) {
  const Slot *slots[] = {&get(x, Kind::Masked, "mul3"),
                         &get(y, Kind::Masked, "mul3"),
                         &get(z, Kind::Masked, "mul3")};
  check(slots[0]->type, slots[1]->type, slots[2]->type, result);
  const size_t n = elementCount(result.shape);
  Array c = dealt(4 * n, result.ring, nextOperation());
  Operand operands[3];
  for (int i = 0; i < 3; ++i) {
    const Shape &shape = slots[i]->type.shape;
    operands[i] = {spread(slots[i]->parts[0], shape, result.shape),
                   spread(dense(*slots[i], 1), shape, result.shape)};
  }
  Array out(n);
  const auto &[X, Y, Z] = operands;
  combine(out.data(), n, c.data(), X.open.data(), X.mask.data(), Y.open.data(),
          Y.mask.data(), Z.open.data(), Z.mask.data(), id == 0,
          ringMask(result.ring));
  return make({Kind::Shared, result, {out}});
}

Wire Dealer::mul3(Wire x, Wire y, Wire z, const WireType &result) {
  const Slot &a = get(x, Kind::Masked, "mul3");
  const Slot &b = get(y, Kind::Masked, "mul3");
  const Slot &c = get(z, Kind::Masked, "mul3");
  check(a.type, b.type, c.type, result);
  Array d = spread(totalMask(a), a.type.shape, result.shape);
  Array e = spread(totalMask(b), b.type.shape, result.shape);
  Array f = spread(totalMask(c), c.type.shape, result.shape);
  Array de = kernels::binary(Binary::Mul, d, e, result.ring);
  Array words(4 * d.size());
  uint64_t *to = words.data();
  for (const Array &part : {de, kernels::binary(Binary::Mul, d, f, result.ring),
                            kernels::binary(Binary::Mul, e, f, result.ring),
                            kernels::binary(Binary::Mul, de, f, result.ring)})
    to = std::copy_n(part.data(), part.size(), to);
  deal(words, result.ring, nextOperation());
  return make({Kind::Shared, result, {}});
}

Wire Preparation::mul3(Wire x, Wire y, Wire z, const WireType &result) {
  nextOperation();
  forward(4 * elementCount(result.shape), result.ring);
  return Bystander::mul3(x, y, z, result);
}

Wire Reference::mul3(Wire x, Wire y, Wire z, const WireType &result) {
  const Slot &a = get(x, Kind::Masked, "mul3");
  const Slot &b = get(y, Kind::Masked, "mul3");
  const Slot &c = get(z, Kind::Masked, "mul3");
  check(a.type, b.type, c.type, result);
  Array ab = kernels::binary(Binary::Mul, a.parts[0], a.type.shape, b.parts[0],
                             b.type.shape, result.shape, 64);
  Array abc = kernels::binary(Binary::Mul, ab, result.shape, c.parts[0],
                              c.type.shape, result.shape, 64);
  return make({Kind::Shared, result, {abc}});
}

} // namespace secformer::runtime
