//===- Doors.cpp - how values enter and leave -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Weights and inputs are known to their owner alone; a result goes to one
// party, to which the other sends its share, or to the client, for which each
// party keeps its own.
//
//===----------------------------------------------------------------------===//

#include "runtime/Encoding.h"
#include "runtime/Kernels.h"
#include "runtime/Outsider.h"
#include "runtime/Pack.h"
#include "runtime/Party.h"
#include "runtime/Reference.h"

#include <algorithm>
#include <bit>

namespace secformer::runtime {
namespace {

std::string weightName(const char *name) {
  return "weight '" + std::string(name) + "'";
}
std::string inputName(const char *name) {
  return "input '" + std::string(name) + "'";
}
WireType publicType(const Shape &shape) { return {shape, 0, 64}; }

/// A weight, and an input, as its owner encodes it.
Array encodedWeight(const WeightSource &weights, const char *name,
                    const WireType &type, unsigned ring) {
  return encode(weights.slice(name, type.shape), type, ring, weightName(name));
}
Array encodedInput(const TensorMap *inputs, const char *name,
                   const WireType &type, unsigned ring) {
  return encode(findInput(inputs, name, type.shape), type, ring,
                inputName(name));
}

} // namespace

//===-- Weights: owned by party 0 or the provider -------------------------===//

Wire Party::param(const char *name, const WireType &type, int owner) {
  Slot result{Kind::Owned, type, {Array()}, owner};
  if (id == owner) {
    const auto values = weights->slice(name, type.shape);
    checkEncodable(values, type.scale, weightName(name));
    result.stored = std::make_shared<OwnFloats>(values, type);
  }
  return make(std::move(result));
}

Wire Reference::param(const char *name, const WireType &type, int owner) {
  return make(
      {Kind::Owned, type, {encodedWeight(weights, name, type, 64)}, owner});
}

Wire Outsider::param(const char *name, const WireType &type, int owner) {
  Array value;
  if (self == owner)
    value = encodedWeight(weights, name, type, type.ring);
  return make({Kind::Owned, type, {value}, owner});
}

//===-- Inputs: owned -----------------------------------------------------===//

Wire Party::input(const char *name, const WireType &type, int owner) {
  Array value;
  if (id == owner)
    value = encodedInput(inputs, name, type, type.ring);
  return make({Kind::Owned, type, {value}, owner});
}

Wire Reference::input(const char *name, const WireType &type, int owner) {
  return make(
      {Kind::Owned, type, {encodedInput(inputs, name, type, 64)}, owner});
}

Wire Outsider::input(const char *name, const WireType &type, int owner) {
  Array value;
  if (self == owner)
    value = encodedInput(inputs, name, type, type.ring);
  return make({Kind::Owned, type, {value}, owner});
}

//===-- Local values: computed with by their owner alone ------------------===//

Wire Party::localInput(const char *name, const Shape &shape, int owner) {
  Array value;
  if (id == owner)
    value = toDoubles(findInput(inputs, name, shape));
  return make({Kind::Local, publicType(shape), {value}, owner});
}

Wire Reference::localInput(const char *name, const Shape &shape, int owner) {
  return make({Kind::Local,
               publicType(shape),
               {toDoubles(findInput(inputs, name, shape))},
               owner});
}

Wire Outsider::localInput(const char *name, const Shape &shape, int owner) {
  Array value;
  if (self == owner)
    value = toDoubles(findInput(inputs, name, shape));
  return make({Kind::Local, publicType(shape), {value}, owner});
}

Wire Party::encode(Wire plain, const WireType &type, int owner) {
  const Slot &x = clearOf(plain, owner);
  Array value;
  if (id == owner)
    value = kernels::encodePublic(x.parts[0], type.scale, type.ring);
  return make({Kind::Owned, type, {value}, owner});
}

Wire Reference::encode(Wire plain, const WireType &type, int owner) {
  const Slot &x = clearOf(plain, owner);
  return make({Kind::Owned,
               type,
               {kernels::encodePublic(x.parts[0], type.scale, 64)},
               owner});
}

Wire Outsider::encode(Wire plain, const WireType &type, int owner) {
  const Slot &x = clearOf(plain, owner);
  Array value;
  if (self == owner)
    value = kernels::encodePublic(x.parts[0], type.scale, type.ring);
  return make({Kind::Owned, type, {value}, owner});
}

//===-- Public weights: in a file that who computes with them has ---------===//

Wire Party::publicParam(const char *name, const Shape &shape) {
  return make({Kind::Public,
               publicType(shape),
               {toDoubles(weights->slice(name, shape))}});
}

Wire Reference::publicParam(const char *name, const Shape &shape) {
  return make({Kind::Public,
               publicType(shape),
               {toDoubles(weights.slice(name, shape))}});
}

/// The provider computes with nothing.
Wire Outsider::publicParam(const char *name, const Shape &shape) {
  Slot result{Kind::Public, publicType(shape), {}};
  if (self == client)
    result.parts = {toDoubles(weights.slice(name, shape))};
  return make(std::move(result));
}

//===-- Public inputs: sent as float64, 64 bits an element ----------------===//

Wire Party::publicInput(const char *name, const Shape &shape, int owner) {
  if (isOutside(owner)) {
    Array bits(elementCount(shape));
    unpack(takeFromOutside(packedBytes(bits.size(), 64)), 64, bits.words());
    return make({Kind::Public, publicType(shape), {bits}});
  }
  Wire result =
      makePending({Kind::Public, publicType(shape), {Array()}}, "publicInput");
  if (id == owner) {
    parts(result)[0] = toDoubles(findInput(inputs, name, shape));
    queue(parts(result)[0], 64);
  } else {
    expect(elementCount(shape), 64,
           [=, this](const Array &bits) { parts(result)[0] = bits; });
  }
  return result;
}

Wire Reference::publicInput(const char *name, const Shape &shape, int owner) {
  Slot result{Kind::Public,
              publicType(shape),
              {toDoubles(findInput(inputs, name, shape))}};
  return isOutside(owner) ? make(std::move(result))
                          : makePending(std::move(result), "publicInput");
}

Wire Outsider::publicInput(const char *name, const Shape &shape, int owner) {
  Slot result{Kind::Public, publicType(shape), {}};
  if (self == owner) {
    result.parts = {toDoubles(findInput(inputs, name, shape))};
    for (int party : {0, 1})
      give(party, result.parts[0], 64);
  }
  return isOutside(owner) ? make(std::move(result))
                          : makePending(std::move(result), "publicInput");
}

//===-- Results -----------------------------------------------------------===//

Wire Party::reveal(Wire shared, int to) {
  const Slot &x = get(shared, Kind::Shared, "reveal");
  WireType type = x.type;
  Array share = dense(x, 0);
  if (isOutside(to))
    return make({Kind::Revealed, type, {share}, to});
  Wire result = makePending({Kind::Revealed, type, {Array()}, to}, "reveal");
  if (id != to)
    queue(share, type.ring);
  else
    expect(share.size(), type.ring, [=, this](const Array &other) {
      parts(result)[0] =
          kernels::binary(kernels::Binary::Add, share, other, type.ring);
    });
  return result;
}

Wire Reference::reveal(Wire shared, int to) {
  const Slot &x = get(shared, Kind::Shared, "reveal");
  checkRange(x, x.type.ring - 1, "result");
  Slot result{Kind::Revealed, x.type, x.parts, to};
  return isOutside(to) ? make(std::move(result))
                       : makePending(std::move(result), "reveal");
}

void Party::output(const char *name, Wire revealed, DType dtype) {
  const Slot &x = get(revealed, Kind::Revealed, "output");
  if (x.owner == id) {
    results[name] =
        decode(x.parts[0], x.type.shape, x.type.scale, x.type.ring, dtype);
  } else if (isOutside(x.owner)) {
    shares[name] = {x.type, dtype, x.parts[0]};
    counted.bytesToOutside += packedBytes(x.parts[0].size(), x.type.ring);
  }
}

void Reference::output(const char *name, Wire revealed, DType dtype) {
  const Slot &x = get(revealed, Kind::Revealed, "output");
  results[name] = decode(x.parts[0], x.type.shape, x.type.scale, 64, dtype);
}

//===-- Reference ---------------------------------------------------------===//

Reference::Reference(const WeightSource &weights)
    : Role(64, true), weights(weights) {}

void Reference::start(uint32_t phaseNumber, const TensorMap *phaseInputs) {
  startPhase(phaseNumber);
  inputs = phaseInputs;
  results.clear();
  report = {};
}

void Reference::beforeMulPublic(Wire shared, const Slot &factor) {
  const Shape &shape = get(shared).type.shape;
  for (RangeViolation &violation : report.violations) {
    if (violation.result.slot != shared.slot ||
        broadcastShapes(shape, factor.type.shape) != shape)
      continue;
    Array factors = kernels::gather(factor.parts[0], shape,
                                    broadcastStrides(factor.type.shape, shape));
    std::erase_if(violation.outside, [&](const RangeViolation::Element &e) {
      return std::bit_cast<double>(factors.data()[e.index]) == 0;
    });
  }
  std::erase_if(report.violations, [](const RangeViolation &violation) {
    return violation.outside.empty();
  });
}

void Reference::replace(Wire x, Array value) {
  linear(x, "replace");
  parts(x) = {std::move(value)};
}

static unsigned magnitudeBits(int64_t x) {
  // |x| < 2^bits, or x = -2^bits: the magnitude of x or of -x - 1.
  return unsigned(std::bit_width(uint64_t(x < 0 ? ~x : x)));
}

unsigned RangeViolation::allowedBits() const {
  return std::max(magnitudeBits(low), magnitudeBits(high));
}

unsigned RangeViolation::foundBits() const {
  unsigned bits = 0;
  for (const Element &element : outside)
    bits = std::max(bits, magnitudeBits(element.value));
  return bits;
}

void Reference::checkRange(const Slot &x, int64_t low, int64_t high,
                           const char *op, Wire result) {
  ++report.checked;
  RangeViolation violation{place(), op, result, x.type.scale, low, high, {}};
  const Array &value = x.parts[0];
  for (size_t i = 0; i < value.size(); ++i)
    if (int64_t v = int64_t(value.data()[i]); v < low || v > high)
      violation.outside.push_back({i, v});
  if (!violation.outside.empty())
    report.violations.push_back(std::move(violation));
}

void Reference::checkRange(const Slot &x, unsigned bits, const char *op) {
  const int64_t end = int64_t(~uint64_t(0) >> (64 - bits)); // 2^bits - 1
  checkRange(x, -end - 1, end, op);
}

} // namespace secformer::runtime
