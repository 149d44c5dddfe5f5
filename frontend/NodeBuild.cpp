//===- NodeBuild.cpp - building the meaning of a node ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluator.h"
#include "dialect/NN/Limits.h"
#include "frontend/Node.h"
#include "frontend/OnnxTensor.h"
#include "mlir/IR/Verifier.h"

#include <numeric>

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

Value Node::finish(Operation *op) {
  MLIRContext *context = op->getContext();
  std::string message;
  LogicalResult result = success();
  {
    // What the dialect has to say is said of the node.
    ScopedDiagnosticHandler capture(
        context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
    SmallVector<Type> types;
    if (auto inferring = dyn_cast<InferTypeOpInterface>(op)) {
      result = inferring.inferReturnTypes(
          context, location, op->getOperands(), op->getRawDictionaryAttrs(),
          op->getPropertiesStorage(), op->getRegions(), types);
      if (succeeded(result))
        op->getResult(0).setType(types.front());
    }
    if (succeeded(result))
      result = verify(op);
  }
  if (succeeded(result))
    return fold(op);
  error() << message;
  op->erase();
  return {};
}

Value Node::fold(Operation *op) {
  Value result = op->getResult(0);
  SmallVector<nn::Tensor> operands;
  bool secret = false;
  for (Value operand : op->getOperands()) {
    const nn::Tensor *tensor = importer.constantOf(operand);
    if (!tensor)
      return result;
    operands.push_back(*tensor);
    secret |= importer.isSecret(operand);
  }
  if (!spend(costOf(op))) {
    op->erase();
    return {};
  }
  auto tensor = nn::compute(op, operands);
  op->erase();
  if (!tensor) {
    error() << llvm::toString(tensor.takeError());
    return {};
  }
  return importer.constant(std::move(*tensor), secret, location,
                           location.getName());
}

bool Node::spend(const FoldingCost &cost) {
  std::string excess = importer.getFile().budget->spend(cost);
  if (!excess.empty())
    error() << excess;
  return !failed;
}

bool Node::affords(nn::Extents shape, uint64_t operations) {
  auto size = nn::nominalSize(shape);
  if (!size)
    error() << nn::describeLimit(shape);
  return !failed &&
         spend({uint64_t(*size) * sizeof(int64_t),
                llvm::SaturatingMultiply(uint64_t(*size), operations)});
}

template <class OpTy>
Value Node::retype(Value value, nn::Extents shape, nn::Element element) {
  if (!nn::withinLimits(shape))
    error() << nn::describeLimit(shape);
  if (failed)
    return {};
  auto type = RankedTensorType::get(
      shape, nn::elementType(element, location.getContext()));
  if (value.getType() == type)
    return value;
  return finish(OpTy::create(importer.getBuilder(), location, type, value));
}

Value Node::cast(Value value, nn::Element to) {
  return retype<nn::CastOp>(value, shapeOf(value), to);
}

Value Node::reshape(Value value, nn::Extents shape) {
  return retype<nn::ReshapeOp>(value, shape, elementOf(value));
}

Value Node::broadcast(Value value, nn::Extents shape) {
  return retype<nn::BroadcastOp>(value, shape, elementOf(value));
}

Value Node::unary(nn::UnaryKind kind, Value value) {
  return build<nn::UnaryOp>(kind, value);
}

Value Node::scale(Value value, double factor) {
  return factor == 1 ? value : build<nn::MulOp>(value, scalar(factor, value));
}

Value Node::shift(Value value, double offset) {
  return offset == 0 ? value : build<nn::AddOp>(value, scalar(offset, value));
}

Value Node::compare(nn::CompareKind kind, Value lhs, Value rhs) {
  return build<nn::CompareOp>(kind, lhs, rhs);
}

Value Node::select(Value condition, Value lhs, Value rhs) {
  return build<nn::SelectOp>(condition, lhs, rhs);
}

Value Node::reduce(nn::ReduceKind kind, Value value, nn::Extents axes,
                   bool keepdims) {
  return build<nn::ReduceOp>(kind, value, axes, keepdims);
}

Value Node::transpose(Value value, nn::Extents perm) {
  return build<nn::TransposeOp>(value, perm);
}

Value Node::transposeLast(Value value) {
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value)));
  if (perm.size() >= 2)
    std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return transpose(value, perm);
}

Value Node::slice(Value value, nn::Extents starts, nn::Extents sizes) {
  SmallVector<int64_t> strides(starts.size(), 1);
  return build<nn::SliceOp>(value, starts, sizes, strides);
}

Value Node::sliceAlong(Value value, int64_t axis, int64_t start, int64_t size,
                       int64_t stride) {
  SmallVector<int64_t> starts(rankOf(value), 0), sizes(shapeOf(value));
  SmallVector<int64_t> strides(rankOf(value), 1);
  if (failed)
    return {};
  starts[axis] = start;
  sizes[axis] = size;
  strides[axis] = stride;
  return build<nn::SliceOp>(value, starts, sizes, strides);
}

Value Node::moveAxis(Value value, int64_t from, int64_t to) {
  if (from == to || failed)
    return value;
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value)));
  perm.erase(perm.begin() + from);
  perm.insert(perm.begin() + to, from);
  return transpose(value, perm);
}

Value Node::mapAxis(Value value, int64_t axis, ArrayRef<float> matrix) {
  if (failed)
    return {};
  int64_t extent = shapeOf(value)[axis], last = rankOf(value) - 1;
  auto rows = extent ? int64_t(matrix.size()) / extent : 0;
  Value map = constant(nn::Tensor::of<float>({rows, extent}, matrix));
  Value mapped =
      build<nn::MatmulOp>(moveAxis(value, axis, last), transposeLast(map));
  return moveAxis(mapped, last, axis);
}

/// Negative ids count from the end of the extent.
static Value fromStart(Node &node, Value ids, int64_t extent) {
  return node.select(
      node.compare(nn::CompareKind::Lt, ids, node.scalar(0, ids)),
      node.shift(ids, double(extent)), ids);
}

Value Node::flatIds(Value ids, int64_t extent, int64_t stride) {
  return scale(fromStart(*this, cast(ids, nn::Element::I64), extent),
               double(stride));
}

Value Node::flatElementIds(Value x, Value ids, int64_t axis) {
  nn::Extents from = shapeOf(x), shape = shapeOf(ids);
  if (failed)
    return {};
  bool fits = from.size() == shape.size();
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits = int64_t(i) == axis || shape[i] <= from[i];
  if (!fits) {
    error() << "expected ids of shape " << nn::toString(from)
            << " or smaller except along axis " << axis << ", found "
            << nn::toString(shape);
    return {};
  }
  SmallVector<int64_t> strides(from.size(), 1);
  for (int64_t i = int64_t(from.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * from[i + 1];
  int64_t step = strides[axis];
  // Where the elements with id 0 lie.
  Value zeros = table<int64_t>(shape, [&](MutableArrayRef<int64_t> out) {
    for (auto [i, place] : llvm::enumerate(out)) {
      auto rest = int64_t(i);
      for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
        place += d == axis ? 0 : rest % shape[d] * strides[d];
        rest /= shape[d];
      }
    }
  });
  Value flat = build<nn::AddOp>(flatIds(ids, from[axis], step), zeros);
  return reshape(flat, {nn::sizeOf(shape)});
}

Value Node::gatherElements(Value x, Value ids, int64_t axis) {
  Value flat = flatElementIds(x, ids, axis);
  Value line = reshape(x, {nn::sizeOf(shapeOf(x))});
  return reshape(build<nn::GatherOp>(line, flat, 0), shapeOf(ids));
}

Value Node::positions(int64_t rank, int64_t axis, int64_t extent) {
  SmallVector<int64_t> shape(rank, 1);
  shape[axis] = extent;
  return table<int64_t>(shape, [](MutableArrayRef<int64_t> out) {
    std::iota(out.begin(), out.end(), 0);
  });
}

Value Node::constant(nn::Tensor tensor) {
  if (failed)
    return {};
  return importer.constant(std::move(tensor), /*secret=*/false, location,
                           location.getName());
}

Value Node::integers(nn::Extents shape, ArrayRef<int64_t> values) {
  return constant(nn::Tensor::of<int64_t>(shape, values));
}

Value Node::stored(nn::Tensor tensor) {
  bool secret = isWeight(tensor);
  return importer.constant(std::move(tensor), secret, location,
                           location.getName());
}

Value Node::stored(const onnx::TensorProto &proto) {
  FailureOr<nn::Tensor> tensor =
      readTensor(proto, importer.getFile(), location);
  failed |= mlir::failed(tensor);
  return failed ? Value() : stored(*tensor);
}

Value Node::scalar(double value, Value like) {
  return constant(nn::scalarOf(value, elementOf(like)));
}
