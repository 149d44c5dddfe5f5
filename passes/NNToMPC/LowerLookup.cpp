//===- LowerLookup.cpp - rows of a table by an index the client knows -----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The client turns its token ids into one-hot rows and sends them once, under
// masks; the rows times the table are shares of what it looked up. A table that
// was declared public is looked up by the client itself, for free.
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Secrecy.h"
#include "passes/NNToMPC/Linear.h"
#include <cmath>

using namespace mlir;
using namespace secformer;
using mpc::PlainKind;

/// Bits that a looked-up value has beyond those of activations. The truncation
/// that takes them away ends the ring, so that the one-hot rows travel in a
/// ring that just holds the table's values.
static constexpr unsigned kExtraBits = 2;

LogicalResult secformer::lowerLookup(Operation *op, Value input, Value indices,
                                     int64_t axis, Lowering &state) {
  Emitter &emit = state.emit;
  Value ids = state.plain(indices);
  if (!ids)
    return op->emitError("look-up by an index that depends on several secrets "
                         "is not supported");
  if (auto param = input.getDefiningOp<nn::ParamOp>();
      param && nn::isPublicWeight(param)) {
    auto weight = SymbolTable::lookupNearestSymbolFrom<nn::WeightOp>(
        param, param.getWeightAttr());
    Value table = emit.create<mpc::PublicParamOp>(
        cast<RankedTensorType>(input.getType()), weight.getSymName(),
        weight.getOffset());
    state.bindPlain(op->getResult(0), emit.plainGather(table, ids, axis));
    return success();
  }
  auto table = state.secret(input);
  if (failed(table))
    return failure();

  // The table as a matrix, one row an index.
  const int64_t rank = table->shape().size();
  SmallVector<int64_t> permutation{axis};
  for (int64_t other = 0; other < rank; ++other)
    if (other != axis)
      permutation.push_back(other);
  const int64_t depth = table->shape()[axis];
  auto asMatrix = [&](Value wire) {
    SmallVector<int64_t> matrix{
        depth, ShapedType::getNumElements(table->shape()) / depth};
    if (!llvm::is_sorted(permutation))
      wire = emit.transpose(wire, permutation);
    return emit.reshape(wire, matrix);
  };
  SmallVector<int64_t> idShape(mpc::plainShape(ids)), hotShape(idShape);
  hotShape.push_back(depth);
  Value hot = emit.plain(PlainKind::OneHot, ids, hotShape);
  hot = emit.plain(PlainKind::Reshape, hot,
                   {ShapedType::getNumElements(idShape), depth});
  // Small values keep as many bits as large ones.
  const int finer = std::clamp(-int(std::ceil(std::log2(table->bound))), 0, 12);
  const unsigned scale = emit.fraction + kExtraBits + finer;
  Value rows = emit.matmul(emit.opened(emit.encoded(hot, 0, 1), 0),
                           asMatrix(emit.opened(*table, scale)));

  SmallVector<int64_t> shape(idShape);
  for (int64_t other : ArrayRef<int64_t>(permutation).drop_front())
    shape.push_back(table->shape()[other]);
  Value wire = emit.reshape(rows, shape);
  SmallVector<int64_t> order = gatherOrder(rank, idShape.size(), axis);
  if (!llvm::is_sorted(order))
    wire = emit.transpose(wire, order);
  state.bind(op->getResult(0), Secret{wire, table->bound});
  return success();
}
