//===- EvaluateRearrangement.cpp - the same elements elsewhere ------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialect/NN/Evaluate.h"
#include "dialect/NN/StridedLoop.h"

using namespace mlir;
using namespace secformer::nn;

/// Offset and strides of a part of a dense tensor.
namespace {
struct View {
  int64_t offset = 0;
  Strides strides;
};
} // namespace

template <class T>
static void copy(Extents shape, ArrayRef<T> from, const View &source,
                 MutableArrayRef<T> to, const View &target) {
  StridedLoop<2>(shape, {source.strides, target.strides})
      .rows({source.offset, target.offset},
            [&](auto at, auto step, int64_t length) {
              for (int64_t i = 0; i < length; ++i)
                to[at[1] + i * step[1]] = from[at[0] + i * step[0]];
            });
}

/// A dense tensor of the elements that \p view sees of \p x.
static Tensor read(const Tensor &x, Extents shape, const View &view) {
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      copy<T>(shape, x.values<T>(), view, out, {0, denseStrides(shape)});
    });
  });
}

Evaluated secformer::nn::evaluate(ConstantOp op, Operands) {
  return Tensor::fromAttribute(cast<DenseElementsAttr>(op.getValue()));
}

Evaluated secformer::nn::evaluate(TransposeOp op, Operands operands) {
  Strides dense = denseStrides(operands[0].getShape()), strides;
  for (int64_t axis : op.getPerm())
    strides.push_back(dense[axis]);
  return read(operands[0], op.getType().getShape(), {0, strides});
}

Evaluated secformer::nn::evaluate(ReshapeOp op, Operands operands) {
  return operands[0].reshaped(op.getType().getShape());
}

Evaluated secformer::nn::evaluate(BroadcastOp op, Operands operands) {
  Extents shape = op.getType().getShape();
  return read(operands[0], shape,
              {0, broadcastStrides(operands[0].getShape(), shape)});
}

Evaluated secformer::nn::evaluate(SliceOp op, Operands operands) {
  View view{0, denseStrides(operands[0].getShape())};
  for (auto [stride, start, step] :
       llvm::zip(view.strides, op.getStarts(), op.getStrides())) {
    view.offset += start * stride;
    stride *= step;
  }
  return read(operands[0], op.getType().getShape(), view);
}

Evaluated secformer::nn::evaluate(ConcatOp op, Operands operands) {
  Extents shape = op.getType().getShape();
  View target{0, denseStrides(shape)};
  int64_t axis = op.getAxis();
  return visitElement(operands[0].getElement(), [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      for (const Tensor &x : operands) {
        copy<T>(x.getShape(), x.values<T>(), {0, denseStrides(x.getShape())},
                out, target);
        target.offset += x.getShape()[axis] * target.strides[axis];
      }
    });
  });
}

Evaluated secformer::nn::evaluate(PadOp op, Operands operands) {
  const Tensor &x = operands[0];
  Extents shape = op.getType().getShape();
  View target{0, denseStrides(shape)};
  for (auto [stride, low] : llvm::zip(target.strides, op.getLow()))
    target.offset += low * stride;
  Tensor value = scalarOf(op.getValue().convertToDouble(), x.getElement());
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      llvm::fill(out, value.values<T>()[0]);
      copy<T>(x.getShape(), x.values<T>(), {0, denseStrides(x.getShape())}, out,
              target);
    });
  });
}

/// Ids from 0 on; an error if one is out of range.
static llvm::Expected<SmallVector<int64_t>> placesOf(const Tensor &ids,
                                                     int64_t extent) {
  SmallVector<int64_t> places = ids.integers();
  for (int64_t &id : places) {
    if (id < -extent || id >= extent)
      return evaluationError("index out of range: expected -%lld to %lld, "
                             "found %lld",
                             (long long)extent, (long long)extent - 1,
                             (long long)id);
    id += id < 0 ? extent : 0;
  }
  return places;
}

static Evaluated gather(const Tensor &x, const Tensor &ids, int64_t axis,
                        Extents shape) {
  int64_t extent = x.getShape()[axis];
  int64_t row = sizeOf(x.getShape().drop_front(axis + 1));
  int64_t outer = sizeOf(x.getShape().take_front(axis));
  auto places = placesOf(ids, extent);
  if (!places)
    return places.takeError();
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      auto *next = out.begin();
      for (int64_t i = 0; i < outer; ++i)
        for (int64_t id : *places)
          next = llvm::copy(x.values<T>().slice((i * extent + id) * row, row),
                            next);
    });
  });
}

Evaluated secformer::nn::evaluate(GatherOp op, Operands operands) {
  return gather(operands[0], operands[1], op.getAxis(),
                op.getType().getShape());
}

template <class T> static T combine(ScatterKind kind, T old, T update) {
  switch (kind) {
  case ScatterKind::Set:
    return update;
  case ScatterKind::Add:
    return T(Modular<T>(old) + Modular<T>(update));
  case ScatterKind::Mul:
    return T(Modular<T>(old) * Modular<T>(update));
  case ScatterKind::Max:
    return larger(old, update);
  case ScatterKind::Min:
    return smaller(old, update);
  }
  llvm_unreachable("unknown scatter");
}

Evaluated secformer::nn::evaluate(ScatterOp op, Operands operands) {
  const Tensor &x = operands[0], &updates = operands[2];
  auto places = placesOf(operands[1], x.getShape()[0]);
  if (!places)
    return places.takeError();
  int64_t row = sizeOf(x.getShape().drop_front());
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    // Booleans add and multiply as or and and, like integers of one bit would.
    using Number = std::conditional_t<std::is_same_v<T, bool>, int32_t, T>;
    auto rows = updates.values<T>();
    return Tensor::build<T>(x.getShape(), [&](MutableArrayRef<T> out) {
      llvm::copy(x.values<T>(), out.begin());
      for (auto [i, place] : llvm::enumerate(*places))
        for (int64_t j = 0; j < row; ++j) {
          T &element = out[place * row + j];
          element = T(combine(op.getKind(), Number(element),
                              Number(rows[int64_t(i) * row + j])));
        }
    });
  });
}

Evaluated secformer::nn::evaluate(EmbeddingOp op, Operands operands) {
  return gather(operands[0], operands[1], 0, op.getType().getShape());
}

Evaluated secformer::nn::evaluate(OneHotOp op, Operands operands) {
  int64_t depth = op.getDepth();
  Extents ids = operands[0].getShape(), shape = op.getType().getShape();
  int64_t inner = sizeOf(ids.drop_front(op.getAxis()));
  return Tensor::build<float>(shape, [&](MutableArrayRef<float> out) {
    for (auto [i, id] : llvm::enumerate(operands[0].integers())) {
      int64_t place = id < 0 ? id + depth : id;
      if (place >= 0 && place < depth)
        out[(int64_t(i) / inner * depth + place) * inner + int64_t(i) % inner] =
            1.0f;
    }
  });
}

Evaluated secformer::nn::evaluate(TriluOp op, Operands operands) {
  const Tensor &x = operands[0];
  Extents shape = x.getShape();
  int64_t columns = shape.back(), rows = shape[shape.size() - 2];
  int64_t k = op.getK();
  return visitElement(x.getElement(), [&](auto zero) {
    using T = decltype(zero);
    auto values = x.values<T>();
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      for (int64_t i = 0; i < x.size(); ++i) {
        int64_t row = i / columns % rows, column = i % columns;
        if (op.getUpper() ? column >= row + k : column <= row + k)
          out[i] = values[i];
      }
    });
  });
}
