//===- Tensor.cpp - plain tensors of a model ------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Tensor.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace secformer::nn;

const char *secformer::nn::elementName(Element element) {
  switch (element) {
  case Element::F32:
    return "float32";
  case Element::I64:
    return "int64";
  case Element::I32:
    return "int32";
  case Element::I1:
    return "bool";
  }
  llvm_unreachable("unknown element");
}

size_t secformer::nn::elementSize(Element element) {
  return visitElement(element, [](auto zero) { return sizeof(zero); });
}

Type secformer::nn::elementType(Element element, MLIRContext *context) {
  if (element == Element::F32)
    return Float32Type::get(context);
  unsigned width = element == Element::I1 ? 1 : 8 * elementSize(element);
  return IntegerType::get(context, width);
}

Element secformer::nn::elementOf(Type type) {
  if (type.isF32())
    return Element::F32;
  if (type.isInteger(64))
    return Element::I64;
  if (type.isInteger(32))
    return Element::I32;
  assert(type.isInteger(1) && "not an element type of the nn dialect");
  return Element::I1;
}

int64_t secformer::nn::sizeOf(ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return size;
}

int64_t Tensor::size() const { return sizeOf(shape); }

RankedTensorType Tensor::getType(MLIRContext *context) const {
  return RankedTensorType::get(shape, elementType(element, context));
}

Tensor Tensor::fromAttribute(DenseElementsAttr attribute) {
  ShapedType type = attribute.getType();
  return visitElement(elementOf(type.getElementType()), [&](auto zero) {
    using T = decltype(zero);
    return build<T>(type.getShape(), [&](MutableArrayRef<T> out) {
      llvm::copy(attribute.getValues<T>(), out.begin());
    });
  });
}

DenseElementsAttr Tensor::toAttribute(MLIRContext *context) const {
  return visitElement(element, [&](auto zero) {
    return DenseElementsAttr::get(getType(context), values<decltype(zero)>());
  });
}

double Tensor::at(int64_t index) const {
  return visitElement(element, [&](auto zero) {
    return double(values<decltype(zero)>()[index]);
  });
}

SmallVector<int64_t> Tensor::integers() const {
  assert(element != Element::F32 && "not an integer tensor");
  return llvm::to_vector(cast(Element::I64).values<int64_t>());
}

Tensor Tensor::reshaped(ArrayRef<int64_t> to) const {
  assert(sizeOf(to) == size() && "wrong number of elements");
  return Tensor(element, to, data);
}

Tensor secformer::nn::scalarOf(double value, Element element) {
  return visitElement(element, [&](auto zero) {
    using T = decltype(zero);
    return Tensor::of<T>({}, {toNumber<T>(value)});
  });
}

Tensor Tensor::cast(Element to) const {
  if (to == element)
    return *this;
  return visitElement(to, [&](auto zeroTo) {
    using To = decltype(zeroTo);
    return visitElement(element, [&](auto zeroFrom) {
      using From = decltype(zeroFrom);
      return build<To>(shape, [&](MutableArrayRef<To> out) {
        llvm::transform(values<From>(), out.begin(), toNumber<To, From>);
      });
    });
  });
}
