//===- EvaluateProducts.cpp - matrix products and convolutions ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluate.h"
#include "dialect/NN/StridedLoop.h"

#include <Eigen/Core>

using namespace mlir;
using namespace secformer::nn;

template <class T>
using Matrix =
    Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Integers as unsigned ones, whose products wrap.
template <class T>
static auto matrixAt(ArrayRef<T> values, int64_t offset, int64_t rows,
                     int64_t columns) {
  using Word = Modular<T>;
  const auto *words = reinterpret_cast<const Word *>(values.data());
  return Eigen::Map<const Matrix<Word>>(words + offset, rows, columns);
}

template <class T>
static auto matrixAt(MutableArrayRef<T> values, int64_t offset, int64_t rows,
                     int64_t columns) {
  using Word = Modular<T>;
  auto *words = reinterpret_cast<Word *>(values.data());
  return Eigen::Map<Matrix<Word>>(words + offset, rows, columns);
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

/// Strides of whole matrices of a tensor whose leading axes broadcast to
/// `batch`.
static Strides matrixStrides(Extents shape, Extents batch) {
  Strides strides = broadcastStrides(shape.drop_back(2), batch);
  for (int64_t &stride : strides)
    stride *= sizeOf(shape.take_back(2));
  return strides;
}

/// Products of batches of matrices: x [..., rows, inner], y [..., inner,
/// columns], both of rank 2 or more.
template <class T> static Tensor multiply(const Tensor &x, const Tensor &y) {
  Extents a = x.getShape(), b = y.getShape();
  auto shape = *broadcastShapes(a.drop_back(2), b.drop_back(2));
  SmallVector<int64_t> batch(shape);
  int64_t rows = a[a.size() - 2], inner = a.back(), columns = b.back();
  shape.append({rows, columns});
  // One matrix on the right: all rows on the left are one matrix as well.
  if (b.size() == 2) {
    rows = sizeOf(a.drop_back());
    batch.clear();
    a = a.take_back(2);
  }
  SmallVector<int64_t> matrices(batch);
  matrices.append({rows, columns});
  return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
    StridedLoop<3>(batch, {matrixStrides(a, batch), matrixStrides(b, batch),
                           matrixStrides(matrices, batch)})
        .elements({}, [&](auto at) {
          matrixAt(out, at[2], rows, columns).noalias() =
              matrixAt(x.values<T>(), at[0], rows, inner) *
              matrixAt(y.values<T>(), at[1], inner, columns);
        });
  });
}

Evaluated secformer::nn::evaluate(MatmulOp op, Operands operands) {
  Tensor x = operands[0], y = operands[1];
  if (x.getRank() == 1)
    x = x.reshaped({1, x.size()});
  if (y.getRank() == 1)
    y = y.reshaped({y.size(), 1});
  Tensor product = visitElement(x.getElement(), [&](auto zero) -> Tensor {
    if constexpr (std::is_same_v<decltype(zero), bool>)
      llvm_unreachable("products of booleans");
    else
      return multiply<decltype(zero)>(x, y);
  });
  return product.reshaped(op.getType().getShape());
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {
/// The windows of one group of channels as the columns of a matrix.
class Windows {
public:
  Windows(ConvOp op)
      : op(op), input(op.getInput().getType().getShape().drop_front(2)),
        kernel(op.getKernel().getType().getShape().drop_front(2)),
        output(op.getType().getShape().drop_front(2)),
        channels(op.getKernel().getType().getDimSize(1)) {}

  int64_t rows() const { return channels * sizeOf(kernel); }
  int64_t columns() const { return sizeOf(output); }

  /// \p image are the channels of the group; \p matrix is rows x columns.
  void gather(ArrayRef<float> image, Matrix<float> &matrix) const {
    matrix.setZero();
    for (int64_t row = 0; row < rows(); ++row)
      for (int64_t column = 0; column < columns(); ++column)
        if (auto at = offset(row % sizeOf(kernel), column))
          matrix(row, column) =
              image[row / sizeOf(kernel) * sizeOf(input) + *at];
  }

private:
  /// Where window element `tap` of output position `position` lies in a
  /// channel; nothing in the padding.
  std::optional<int64_t> offset(int64_t tap, int64_t position) const {
    int64_t at = 0, stride = 1;
    for (int64_t axis = int64_t(input.size()) - 1; axis >= 0; --axis) {
      int64_t place = position % output[axis] * op.getStrides()[axis] +
                      tap % kernel[axis] * op.getDilations()[axis] -
                      op.getLow()[axis];
      if (place < 0 || place >= input[axis])
        return std::nullopt;
      at += place * stride;
      stride *= input[axis];
      position /= output[axis];
      tap /= kernel[axis];
    }
    return at;
  }

  mutable ConvOp op;
  Extents input, kernel, output;
  int64_t channels;
};
} // namespace

Evaluated secformer::nn::evaluate(ConvOp op, Operands operands) {
  Extents in = operands[0].getShape(), shape = op.getType().getShape();
  auto image = operands[0].values<float>(),
       kernel = operands[1].values<float>();
  int64_t groups = op.getGroups(), features = shape[1] / groups;
  Windows windows(op);
  Matrix<float> matrix(windows.rows(), windows.columns());
  int64_t imageSize = sizeOf(in.drop_front()) / groups;
  int64_t kernelSize = features * windows.rows();
  int64_t outSize = features * windows.columns();
  return Tensor::build<float>(shape, [&](MutableArrayRef<float> out) {
    for (int64_t i = 0; i < shape[0] * groups; ++i) {
      windows.gather(image.slice(i * imageSize, imageSize), matrix);
      matrixAt(out, i * outSize, features, windows.columns()).noalias() =
          matrixAt(kernel, i % groups * kernelSize, features, windows.rows()) *
          matrix;
    }
  });
}
