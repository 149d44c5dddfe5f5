//===- Node.h - one ONNX node, as its import function sees it -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Attributes and operands of the node, and builders for its meaning. The first
// error marks the node as failed; builders then give null, so that an import
// function need not check each step.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_NODE_H
#define SECFORMER_FRONTEND_NODE_H

#include "dialect/NN/NNOps.h"
#include "frontend/GraphImporter.h"
#include "mlir/IR/TypeUtilities.h"

namespace secformer::frontend {

/// The values of a node's outputs, in order; may be fewer than it has.
using Results = llvm::SmallVector<mlir::Value, 1>;

class Node {
public:
  Node(GraphImporter &importer, const onnx::NodeProto &proto, int index);

  /// Version of the operators of the node's domain.
  int64_t opset() const { return opsetVersion; }
  llvm::StringRef opType() const { return proto.op_type(); }
  int outputCount() const { return proto.output_size(); }
  /// Is the output named, and so perhaps used?
  bool hasOutput(int i) const;

  /// Reports an error at the node, unless there is one already.
  mlir::InFlightDiagnostic error();
  bool hasFailed() const { return failed; }

  //===--- Operands ---===//

  int inputCount() const { return proto.input_size(); }
  bool hasInput(int i) const;
  /// The operand; null if the node does not have it, which can only be for
  /// operands beyond those that the operator requires (Operators.h).
  mlir::Value input(int i);
  /// The ONNX type of an operand that the file declares; UNDEFINED if it does
  /// not say. (nn has fewer types.)
  int32_t dataType(int i) const;
  /// Is the operand known when the model is compiled?
  bool isConstant(int i);
  /// The value of an operand that must be there and not depend on inputs of the
  /// model; \p what says what it is. Nothing after an error.
  std::optional<nn::Tensor> constantInput(int i, llvm::StringRef what);
  /// An operand that must be there, beyond those that Operators.h says are.
  mlir::Value requiredInput(int i);
  /// The same of a value computed from operands.
  std::optional<nn::Tensor> known(mlir::Value value, llvm::StringRef what);
  /// The same as a list of integers, or as one number.
  std::optional<llvm::SmallVector<int64_t>> integersInput(int i,
                                                          llvm::StringRef what);
  std::optional<double> numberInput(int i, llvm::StringRef what);
  /// The number rounded towards zero.
  std::optional<int64_t> integerInput(int i, llvm::StringRef what);

  //===--- Attributes ---===//

  const onnx::AttributeProto *attribute(llvm::StringRef name) const;
  int64_t integer(llvm::StringRef name, int64_t otherwise);
  float number(llvm::StringRef name, float otherwise);
  std::string text(llvm::StringRef name, llvm::StringRef otherwise);
  std::optional<llvm::SmallVector<int64_t>> integers(llvm::StringRef name);
  /// Empty if the node does not have the attribute.
  llvm::SmallVector<float> numbers(llvm::StringRef name);
  /// An attribute up to an opset, the optional input \p i from then on.
  std::optional<llvm::SmallVector<int64_t>>
  integersUntil(int64_t opset, llvm::StringRef name, int i);

  /// An axis from 0 on; an error if there is no such axis.
  int64_t axis(int64_t axis, int64_t rank);
  llvm::SmallVector<int64_t> axes(nn::Extents axes, int64_t rank);

  //===--- Building ---===//

  /// An operation whose result type is inferred, computed at once if its
  /// operands are known.
  template <class OpTy, class... Args> mlir::Value build(Args &&...args) {
    if (failed || (lacksOperand<OpTy>(args) || ...)) {
      error() << "expected a value for every operand, found one missing";
      return {};
    }
    mlir::OpBuilder &builder = importer.getBuilder();
    // The type is a placeholder until finish() infers it.
    return finish(OpTy::create(builder, location,
                               mlir::Type(builder.getNoneType()),
                               std::forward<Args>(args)...));
  }

  mlir::Value cast(mlir::Value value, nn::Element to);
  mlir::Value reshape(mlir::Value value, nn::Extents shape);
  mlir::Value broadcast(mlir::Value value, nn::Extents shape);
  mlir::Value unary(nn::UnaryKind kind, mlir::Value value);
  /// The value times, or plus, a number; itself if that changes nothing.
  mlir::Value scale(mlir::Value value, double factor);
  mlir::Value shift(mlir::Value value, double offset);
  mlir::Value compare(nn::CompareKind kind, mlir::Value lhs, mlir::Value rhs);
  mlir::Value select(mlir::Value condition, mlir::Value lhs, mlir::Value rhs);
  mlir::Value reduce(nn::ReduceKind kind, mlir::Value value, nn::Extents axes,
                     bool keepdims);
  mlir::Value transpose(mlir::Value value, nn::Extents perm);
  /// The value with its last two axes exchanged.
  mlir::Value transposeLast(mlir::Value value);
  /// `sizes` elements from `starts` on.
  mlir::Value slice(mlir::Value value, nn::Extents starts, nn::Extents sizes);
  /// `size` elements along one axis, from `start` on.
  mlir::Value sliceAlong(mlir::Value value, int64_t axis, int64_t start,
                         int64_t size, int64_t stride = 1);
  /// y[.., i, ..] = sum over j of matrix[i * extent + j] * x[.., j, ..].
  mlir::Value mapAxis(mlir::Value value, int64_t axis,
                      llvm::ArrayRef<float> matrix);
  /// The value with one axis moved to another place.
  mlir::Value moveAxis(mlir::Value value, int64_t from, int64_t to);

  /// y[i] = x[i], but with ids[i] in place of i's index along the axis; the ids
  /// have the result's shape.
  mlir::Value gatherElements(mlir::Value x, mlir::Value ids, int64_t axis);
  /// The places of those elements in x, counted through.
  mlir::Value flatElementIds(mlir::Value x, mlir::Value ids, int64_t axis);
  /// Ids along an axis of that extent (negative ones count from the end) times
  /// a stride.
  mlir::Value flatIds(mlir::Value ids, int64_t extent, int64_t stride);

  /// May a table be made of so many elements, with so many operations on each?
  /// Asked before it is made; if not, that is an error.
  bool affords(nn::Extents shape, uint64_t operations = 1);
  /// A public value made from attributes or shapes, which \p fill writes if it
  /// is affordable; the elements start as zeros.
  template <class T>
  mlir::Value table(nn::Extents shape,
                    llvm::function_ref<void(llvm::MutableArrayRef<T>)> fill) {
    // A few operations make the index of an element.
    return affords(shape, 4) ? constant(nn::Tensor::build<T>(shape, fill))
                             : mlir::Value();
  }
  /// 0, 1, 2, ... along one axis of a value with that many axes.
  mlir::Value positions(int64_t rank, int64_t axis, int64_t extent);
  /// The same of what has been made already.
  mlir::Value constant(nn::Tensor tensor);
  mlir::Value integers(nn::Extents shape, llvm::ArrayRef<int64_t> values);
  /// A value that stands in the node, which may be a weight.
  mlir::Value stored(nn::Tensor tensor);
  mlir::Value stored(const onnx::TensorProto &proto);
  /// A scalar of the element type of \p like.
  mlir::Value scalar(double value, mlir::Value like);

private:
  /// Is the argument an operand that the operation must have, and null? Only
  /// operations with a fixed number of operands say so.
  template <class OpTy, class Arg> static bool lacksOperand(const Arg &arg) {
    constexpr bool variadic = OpTy::template hasTrait<
        mlir::OpTrait::AtLeastNOperands<1>::template Impl>();
    constexpr bool optional =
        OpTy::template hasTrait<mlir::OpTrait::AttrSizedOperandSegments>();
    if constexpr (std::is_same_v<Arg, mlir::Value> && !variadic && !optional)
      return !arg;
    return false;
  }

  /// Infers the result type, verifies, folds.
  mlir::Value finish(mlir::Operation *op);
  mlir::Value fold(mlir::Operation *op);
  /// The attribute if it is there and of this type; an error if of another.
  const onnx::AttributeProto *typed(llvm::StringRef name,
                                    onnx::AttributeProto::AttributeType type);
  /// The value as another type, by an operation that names its result's.
  template <class OpTy>
  mlir::Value retype(mlir::Value value, nn::Extents shape, nn::Element element);
  /// Takes the cost from the budget; an error if there is not so much.
  bool spend(const FoldingCost &cost);

  GraphImporter &importer;
  const onnx::NodeProto &proto;
  mlir::NameLoc location;
  int64_t opsetVersion;
  bool failed = false;
};

/// Shape and element type of a value. Null, which builders give after an error,
/// counts as a float scalar.
inline nn::Extents shapeOf(mlir::Value value) {
  return value ? mlir::cast<mlir::RankedTensorType>(value.getType()).getShape()
               : nn::Extents();
}
inline int64_t rankOf(mlir::Value value) { return shapeOf(value).size(); }
inline nn::Element elementOf(mlir::Value value) {
  return value ? nn::elementOf(mlir::getElementTypeOrSelf(value.getType()))
               : nn::Element::F32;
}

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_NODE_H
