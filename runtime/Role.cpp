//===- Role.cpp - what every role of a compiled program can do ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Role.h"

#include "runtime/Error.h"
#include "runtime/Kernels.h"
#include "runtime/Ring.h"
#include "runtime/Tensor.h"

#include <stdexcept>

namespace secformer::runtime {
namespace {

void checkType(const WireType &type) {
  if (type.ring < 1 || type.ring > 64 || type.scale > 63)
    throw std::logic_error("wire type with ring " + std::to_string(type.ring) +
                           ", scale " + std::to_string(type.scale));
  for (int64_t extent : type.shape)
    if (extent < 1)
      throw std::logic_error("wire type with shape " + toString(type.shape));
}

} // namespace

//===-- Table of values ---------------------------------------------------===//

std::string Role::placePrefix() const {
  return *location ? "at '" + std::string(location) + "': " : std::string();
}

const char *Role::kindName(Kind kind) {
  constexpr const char *names[] = {"owned", "shared",   "masked", "public",
                                   "local", "revealed", "decided"};
  return names[size_t(kind)];
}

void Role::misuse(const std::string &what) const {
  throw std::logic_error(placePrefix() + what);
}

Role::Slot &Role::slotOf(Wire x) const {
  if (x.slot >= slots.size())
    misuse("no such wire");
  Slot &slot = slots[x.slot];
  if (!slot.alive)
    misuse("wire " + std::to_string(x.slot) + " was freed");
  if (slot.pending)
    misuse("wire " + std::to_string(x.slot) + " is read before its round ends");
  return slot;
}

const Role::Slot &Role::get(Wire x) const {
  Slot &slot = slotOf(x);
  if (slot.stored)
    slot.parts = slot.stored->load();
  slot.stored = nullptr;
  return slot;
}

const Role::Slot &Role::get(Wire x, Kind kind, const char *op) const {
  held(x, kind, op);
  return get(x);
}

const Role::Slot &Role::held(Wire x, Kind kind, const char *op) const {
  const Slot &slot = slotOf(x);
  operationName = op;
  if (slot.kind != kind)
    misuse(std::string(op) + " needs a " + kindName(kind) + " wire, got a " +
           kindName(slot.kind) + " one");
  return slot;
}

const Role::Slot &Role::linear(Wire x, const char *op) const {
  const Slot &slot = get(x);
  operationName = op;
  if (slot.kind != Kind::Shared && slot.kind != Kind::Masked)
    misuse(std::string(op) + " needs a shared or masked wire, got a " +
           kindName(slot.kind) + " one");
  return slot;
}

Array Role::dense(const Slot &x, unsigned part) const {
  return x.parts[part] ? x.parts[part]
                       : Array::filled(elementCount(x.type.shape), 0);
}

Wire Role::make(Slot slot) {
  checkType(slot.type);
  slot.alive = true;
  slots.push_back(std::move(slot));
  if (profile)
    profile->end(operationName, location);
  operationName = unnamed;
  return {static_cast<uint32_t>(slots.size() - 1)};
}

Wire Role::makePending(Slot slot, const char *op) {
  if (!inRound)
    misuse(std::string(op) + " outside a round");
  slot.pending = true;
  Wire x = make(std::move(slot));
  pending.push_back(x.slot);
  return x;
}

Array Role::drawMask(const Randomness &from, size_t n, unsigned bits,
                     uint32_t operation) const {
  Array words(n);
  from.draw(words.words(), bits, {Purpose::Mask, phase(), operation});
  return words;
}

const WireType &Role::type(Wire x) const { return slotOf(x).type; }
Kind Role::kind(Wire x) const { return slotOf(x).kind; }

void Role::startPhase(uint32_t number) {
  if (number >> 24)
    throw Error("more than 2^24 inferences in one session: start a new one");
  phaseNumber = number;
  operation = 0;
  sharing = 0;
  location = "";
  inRound = false;
  slots.clear();
  pending.clear();
}

void Role::beginRound() {
  if (inRound)
    misuse("a round begins inside a round");
  inRound = true;
}

void Role::closeRound() {
  if (!inRound)
    misuse("a round ends that did not begin");
  inRound = false;
  for (uint32_t slot : pending)
    slots[slot].pending = false;
  pending.clear();
}

void Role::keep(unsigned i, Wire x) {
  if (i >= keptSlots.size())
    keptSlots.resize(i + 1);
  Slot slot = slotOf(x);
  slot.fixed = true;
  if (slot.kind == Kind::Masked && !slot.stored && !wide &&
      slot.type.ring <= NarrowParts::widestRing) {
    slot.stored = std::make_shared<NarrowParts>(slot.parts);
    slot.parts.clear();
  }
  keptSlots[i] = std::move(slot);
}

void Role::adoptKept(const Role &other) {
  keptSlots = other.keptSlots;
  for (Slot &slot : keptSlots)
    if (slot.kind != Kind::Masked && slot.kind != Kind::Public)
      slot.parts.clear();
}

Wire Role::kept(unsigned i) {
  if (i >= keptSlots.size() || !keptSlots[i].alive)
    misuse("nothing was kept under " + std::to_string(i));
  return make(keptSlots[i]);
}

void Role::free(Wire x) { slotOf(x) = {}; }

//===-- Linear operations -------------------------------------------------===//

Wire Role::mapParts(const Slot &x, WireType type, const ArrayFunction &f) {
  Slot result{x.kind, std::move(type), {}, x.owner};
  for (const Array &part : x.parts)
    result.parts.push_back(part ? f(part) : Array());
  result.fixed = x.fixed;
  return make(std::move(result));
}

Wire Role::reduce(Wire x, unsigned ring) {
  const Slot &from = linear(x, "reduce");
  if (ring > from.type.ring)
    misuse("reduce to a larger ring: truncate can extend");
  WireType type = from.type;
  type.ring = ring;
  return mapParts(from, type, [&](const Array &v) {
    return kernels::reduced(v, arrayRing(type));
  });
}

Wire Role::relabel(Wire x, unsigned scale) {
  WireType type = get(x).type;
  type.scale = scale;
  return mapParts(get(x), type, [](const Array &v) { return v; });
}

Wire Role::addSub(Wire a, Wire b, bool subtract) {
  const Slot &x = linear(a, "add");
  const Slot &y = linear(b, "add");
  if (x.kind != y.kind || x.type.scale != y.type.scale ||
      x.type.ring != y.type.ring)
    misuse("add of wires of different kinds, scales or rings");
  WireType type = x.type;
  type.shape = broadcastShapes(x.type.shape, y.type.shape);
  Slot result{x.kind, type, {}};
  result.fixed = x.fixed && y.fixed;
  for (unsigned i = 0; i < x.parts.size(); ++i)
    result.parts.push_back(
        x.parts[i] || y.parts[i]
            ? kernels::binary(subtract ? kernels::Binary::Sub
                                       : kernels::Binary::Add,
                              dense(x, i), x.type.shape, dense(y, i),
                              y.type.shape, type.shape, arrayRing(type))
            : Array());
  return make(std::move(result));
}

Wire Role::add(Wire a, Wire b) { return addSub(a, b, false); }
Wire Role::sub(Wire a, Wire b) { return addSub(a, b, true); }
Wire Role::neg(Wire x) { return scaleBy(x, -1); }

Wire Role::scaleBy(Wire x, int64_t factor) {
  const Slot &from = linear(x, "scaleBy");
  return mapParts(from, from.type, [&](const Array &v) {
    return kernels::affine(v, uint64_t(factor), 0, arrayRing(from.type));
  });
}

Wire Role::mulPublic(Wire shared, Wire publicValue, unsigned fracBits) {
  const Slot &x = get(shared, Kind::Shared, "mulPublic");
  const Slot &p = get(publicValue, Kind::Public, "mulPublic");
  beforeMulPublic(shared, p);
  WireType type = x.type;
  type.shape = broadcastShapes(x.type.shape, p.type.shape);
  type.scale += fracBits;
  Array factors;
  if (!p.parts.empty())
    factors = kernels::encodePublic(p.parts[0], fracBits, arrayRing(type));
  return mapParts(x, type, [&](const Array &v) {
    return kernels::binary(kernels::Binary::Mul, v, x.type.shape, factors,
                           p.type.shape, type.shape, arrayRing(type));
  });
}

Wire Role::matmulPublic(Wire a, Wire b, unsigned fracBits) {
  const bool left = kind(a) == Kind::Shared;
  const Slot &x = get(left ? a : b, Kind::Shared, "matmulPublic");
  const Slot &p = get(left ? b : a, Kind::Public, "matmulPublic");
  const MatmulPlan plan = planMatmul(get(a).type.shape, get(b).type.shape);
  const WireType type{plan.result, x.type.scale + fracBits, x.type.ring};
  const unsigned ring = arrayRing(type);
  Array factors;
  if (!p.parts.empty())
    factors = kernels::encodePublic(p.parts[0], fracBits, ring);
  return mapParts(x, type, [&](const Array &v) {
    Array product = Array::filled(elementCount(plan.result), 0);
    kernels::matmulInto(product, left ? v : factors, left ? factors : v, plan,
                        ring, Sign::Plus);
    return product;
  });
}

Wire Role::addPublic(Wire shared, Wire publicValue) {
  const Slot &x = get(shared, Kind::Shared, "addPublic");
  const Slot &p = get(publicValue, Kind::Public, "addPublic");
  Shape shape = broadcastShapes(x.type.shape, p.type.shape);
  if (!addsPublic)
    return broadcast(shared, shape);
  unsigned ring = arrayRing(x.type);
  Slot result{Kind::Shared, {shape, x.type.scale, x.type.ring}, {}};
  Array terms = kernels::encodePublic(p.parts[0], x.type.scale, ring);
  result.parts = {kernels::binary(kernels::Binary::Add, dense(x, 0),
                                  x.type.shape, terms, p.type.shape, shape,
                                  ring)};
  return make(std::move(result));
}

Wire Role::sumLast(Wire x) {
  const Slot &from = linear(x, "sumLast");
  WireType type = from.type;
  type.shape = withoutLast(type.shape);
  return mapParts(from, type, [&](const Array &v) {
    return kernels::sumRows(v, size_t(from.type.shape.back()), arrayRing(type));
  });
}

} // namespace secformer::runtime
