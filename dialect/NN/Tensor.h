//===- Tensor.h - plain tensors of a model --------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Values of the nn dialect outside the IR: weights, inputs, results. Cheap to
// copy; the elements are shared and never change.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_TENSOR_H
#define SECFORMER_DIALECT_NN_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <memory>

namespace secformer::nn {

enum class Element : uint8_t { F32, I64, I32, I1 };

template <class T> constexpr Element elementOf() {
  if constexpr (std::is_same_v<T, float>)
    return Element::F32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return Element::I64;
  else if constexpr (std::is_same_v<T, int32_t>)
    return Element::I32;
  else {
    static_assert(std::is_same_v<T, bool>);
    return Element::I1;
  }
}

/// Calls \p f with a value of the C++ type of \p element.
template <class F> decltype(auto) visitElement(Element element, F &&f) {
  switch (element) {
  case Element::F32:
    return f(float());
  case Element::I64:
    return f(int64_t());
  case Element::I32:
    return f(int32_t());
  case Element::I1:
    return f(bool());
  }
  llvm_unreachable("unknown element");
}

/// "float32", "int64", "int32", "bool": the names numpy gives the types.
const char *elementName(Element element);
size_t elementSize(Element element);
mlir::Type elementType(Element element, mlir::MLIRContext *context);
/// \p type must be an element type of the dialect.
Element elementOf(mlir::Type type);

/// A dense tensor in C order; a boolean takes one byte.
class Tensor {
public:
  /// A float32 scalar 0 without storage of its own.
  Tensor() = default;
  /// Elements that somebody else made: \p data keeps them alive.
  Tensor(Element element, llvm::ArrayRef<int64_t> shape,
         std::shared_ptr<const void> data)
      : element(element), shape(shape), data(std::move(data)) {}

  /// A tensor whose elements \p fill writes; they start as zeros.
  template <class T>
  static Tensor build(llvm::ArrayRef<int64_t> shape,
                      llvm::function_ref<void(llvm::MutableArrayRef<T>)> fill);
  template <class T>
  static Tensor of(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<T> values);
  static Tensor fromAttribute(mlir::DenseElementsAttr attribute);

  mlir::DenseElementsAttr toAttribute(mlir::MLIRContext *context) const;
  mlir::RankedTensorType getType(mlir::MLIRContext *context) const;

  Element getElement() const { return element; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t size() const; ///< number of elements
  size_t bytes() const { return size() * elementSize(element); }
  const void *raw() const { return data.get(); }

  /// The elements; T must be their type.
  template <class T> llvm::ArrayRef<T> values() const {
    assert(element == elementOf<T>() && "elements of another type");
    return llvm::ArrayRef<T>(static_cast<const T *>(data.get()), size());
  }
  double at(int64_t index) const;
  /// An integer tensor's elements as int64.
  llvm::SmallVector<int64_t> integers() const;
  /// The same elements in another shape of the same size.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  /// The same values as another type; floats are rounded towards zero.
  Tensor cast(Element to) const;

private:
  Element element = Element::F32;
  llvm::SmallVector<int64_t, 4> shape;
  std::shared_ptr<const void> data = std::make_shared<float>(0.0f);
};

/// Number of elements of a shape.
int64_t sizeOf(llvm::ArrayRef<int64_t> shape);

/// A scalar, converted as cast does.
Tensor scalarOf(double value, Element element);

/// Conversion without undefined cases: what does not fit saturates.
template <class To, class From> To toNumber(From value) {
  if constexpr (std::is_same_v<To, bool>) {
    return value != From(0);
  } else if constexpr (std::is_floating_point_v<From> &&
                       std::is_integral_v<To>) {
    if (std::isnan(value))
      return 0;
    constexpr auto least = std::numeric_limits<To>::min();
    constexpr auto most = std::numeric_limits<To>::max();
    if (value >= -From(least))
      return most;
    return value <= From(least) ? least : To(value);
  } else {
    return To(value);
  }
}

template <class T>
Tensor Tensor::build(llvm::ArrayRef<int64_t> shape,
                     llvm::function_ref<void(llvm::MutableArrayRef<T>)> fill) {
  size_t size = sizeOf(shape);
  std::shared_ptr<T[]> storage(new T[size]());
  fill({storage.get(), size});
  return Tensor(elementOf<T>(), shape,
                std::shared_ptr<const void>(storage, storage.get()));
}

template <class T>
Tensor Tensor::of(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<T> values) {
  assert(sizeOf(shape) == int64_t(values.size()) && "wrong number of elements");
  return build<T>(shape, [&](llvm::MutableArrayRef<T> out) {
    llvm::copy(values, out.begin());
  });
}

} // namespace secformer::nn

#endif // SECFORMER_DIALECT_NN_TENSOR_H
