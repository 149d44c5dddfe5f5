//===- RoleClear.cpp - arithmetic on values in the clear ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Kernels.h"
#include "runtime/Role.h"
#include "runtime/Tensor.h"

#include <algorithm>
#include <bit>

namespace secformer::runtime {

Wire Role::constant(const Shape &shape, const std::vector<double> &values) {
  Array bits(elementCount(shape));
  if (values.size() != 1 && values.size() != bits.size())
    misuse("constant: " + std::to_string(values.size()) + " values for shape " +
           toString(shape));
  for (size_t i = 0; i < bits.size(); ++i)
    bits.data()[i] =
        std::bit_cast<uint64_t>(values[values.size() == 1 ? 0 : i]);
  return make({Kind::Public, {shape, 0, 64}, {bits}});
}

Role::Slot Role::clear(const std::vector<const Slot *> &operands,
                       const Shape &shape, const char *op) const {
  Slot result{Kind::Public, {shape, 0, 64}, {}};
  for (const Slot *x : operands) {
    if (x->kind != Kind::Public && x->kind != Kind::Local)
      misuse(std::string(op) + " needs values in the clear, got a " +
             kindName(x->kind) + " one");
    if (x->kind == Kind::Public)
      continue;
    if (result.owner >= 0 && result.owner != x->owner)
      misuse(std::string(op) + " of values local to different owners");
    result.kind = Kind::Local;
    result.owner = x->owner;
    result.parts.resize(x->parts.size());
  }
  return result;
}

bool Role::knows(const std::vector<const Slot *> &operands) {
  return std::all_of(operands.begin(), operands.end(), [](const Slot *x) {
    return !x->parts.empty() && x->parts[0];
  });
}

const Role::Slot &Role::clearOf(Wire x, int owner) const {
  const Slot &slot = get(x);
  if (slot.kind != Kind::Public &&
      (slot.kind != Kind::Local || slot.owner != owner))
    misuse("needs a value in the clear to its owner, got a " +
           std::string(kindName(slot.kind)) + " one");
  return slot;
}

Wire Role::plain(PlainOp op, Wire a, Wire b) {
  const Slot &x = get(a), &y = get(b);
  Shape shape = broadcastShapes(x.type.shape, y.type.shape);
  Slot result = clear({&x, &y}, shape, "plain");
  if (knows({&x, &y}))
    result.parts = {kernels::plainBinary(op, x.parts[0], x.type.shape,
                                         y.parts[0], y.type.shape, shape)};
  return make(std::move(result));
}

Wire Role::plain(PlainOp op, Wire a) {
  const Slot &x = get(a);
  const bool alongLast = op >= PlainOp::SumLast;
  Shape shape = x.type.shape;
  if (alongLast && shape.empty())
    misuse("plain: a scalar has no last dimension");
  Slot result = clear(
      {&x}, alongLast && op != PlainOp::CumsumLast ? withoutLast(shape) : shape,
      "plain");
  if (knows({&x}))
    result.parts = {
        alongLast ? kernels::plainRows(op, x.parts[0], size_t(shape.back()))
                  : kernels::plainUnary(op, x.parts[0])};
  return make(std::move(result));
}

Wire Role::plainSelect(Wire condition, Wire a, Wire b) {
  const Slot &c = get(condition), &x = get(a), &y = get(b);
  Shape shape = broadcastShapes(c.type.shape,
                                broadcastShapes(x.type.shape, y.type.shape));
  Slot result = clear({&c, &x, &y}, shape, "plainSelect");
  if (knows({&c, &x, &y}))
    result.parts = {kernels::plainSelect(c.parts[0], c.type.shape, x.parts[0],
                                         x.type.shape, y.parts[0], y.type.shape,
                                         shape)};
  return make(std::move(result));
}

Wire Role::oneHot(Wire ids, int64_t depth) {
  const Slot &x = get(ids);
  Shape shape = x.type.shape;
  shape.push_back(depth);
  Slot result = clear({&x}, shape, "oneHot");
  if (knows({&x}))
    result.parts = {
        kernels::plainOneHot(x.parts[0], size_t(depth), placePrefix())};
  return make(std::move(result));
}

Wire Role::gather(Wire table, Wire ids) {
  const Slot &x = get(table), &y = get(ids);
  if (x.type.shape.empty())
    misuse("gather: a scalar has no rows");
  Shape shape = y.type.shape;
  shape.insert(shape.end(), x.type.shape.begin() + 1, x.type.shape.end());
  Slot result = clear({&x, &y}, shape, "gather");
  if (knows({&x, &y}))
    result.parts = {kernels::plainGather(x.parts[0], size_t(x.type.shape[0]),
                                         y.parts[0], placePrefix())};
  return make(std::move(result));
}

} // namespace secformer::runtime
