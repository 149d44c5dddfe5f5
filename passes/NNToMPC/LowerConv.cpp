//===- LowerConv.cpp - convolutions of secrets ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A convolution is a matrix product: the input is opened once, and what every
// window covers becomes a row, locally.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"

using namespace mlir;
using namespace secformer;

static int64_t product(ArrayRef<int64_t> extents) {
  return ShapedType::getNumElements(extents);
}

namespace {

/// The shapes of a convolution, as in the comments below: input [N, G, C, s..]
/// with G groups of C channels, kernel [G, F, C, k..], result [N, G, F, o..].
class Windows {
public:
  Windows(nn::ConvOp op, Emitter &emit)
      : op(op), emit(emit), groups(op.getGroups()),
        window(op.getKernel().getType().getShape().drop_front(2)),
        out(op.getType().getShape().drop_front(2)),
        batch(op.getInput().getType().getShape()[0]),
        channels(op.getKernel().getType().getShape()[1]),
        features(op.getKernel().getType().getShape()[0] / groups) {}

  /// [N, G, O, C K] from the input, K = k.. and O = o.. as one axis each.
  Value rows(Value input) {
    auto kernelIs = [&](ArrayRef<int64_t> other) { return window == other; };
    bool tiles =
        kernelIs(op.getStrides()) &&
        llvm::all_of(op.getDilations(), [](int64_t step) { return step == 1; });
    Value padded = withZeros(input);
    return tiles ? tileRows(padded) : windowRows(padded);
  }

  /// [G, C K, F] from the kernel.
  Value columns(Value kernel) {
    kernel =
        emit.reshape(kernel, {groups, features, channels * product(window)});
    return emit.transpose(kernel, {0, 2, 1});
  }

  /// The result from [N, G, O, F].
  Value result(Value products) {
    products = emit.transpose(products, {0, 1, 3, 2});
    return emit.reshape(products, op.getType().getShape());
  }

private:
  /// [N, G C] followed by an extent for every spatial axis.
  SmallVector<int64_t> withSpatial(int64_t first, int64_t second,
                                   ArrayRef<int64_t> spatial) const {
    SmallVector<int64_t> all{first, second};
    all.append(spatial.begin(), spatial.end());
    return all;
  }

  Value withZeros(Value input) {
    if (llvm::all_of(llvm::concat<const int64_t>(op.getLow(), op.getHigh()),
                     [](int64_t amount) { return amount == 0; }))
      return input;
    return emit.pad(input, withSpatial(0, 0, op.getLow()),
                    withSpatial(0, 0, op.getHigh()));
  }

  /// Windows side by side (patches of an image): a reshape and a transpose.
  Value tileRows(Value input) {
    SmallVector<int64_t> covered, split{batch, groups, channels}, order{0, 1};
    for (size_t i = 0; i < window.size(); ++i) {
      covered.push_back(out[i] * window[i]);
      split.append({out[i], window[i]});
      order.push_back(3 + 2 * i);
    }
    order.push_back(2);
    for (size_t i = 0; i < window.size(); ++i)
      order.push_back(4 + 2 * i);
    auto sizes = withSpatial(batch, groups * channels, covered);
    if (cast<mpc::WireTypeInterface>(input.getType()).getShape() !=
        ArrayRef<int64_t>(sizes))
      input = emit.slice(input, SmallVector<int64_t>(sizes.size(), 0), sizes,
                         SmallVector<int64_t>(sizes.size(), 1));
    input = emit.transpose(emit.reshape(input, split), order);
    return emit.reshape(
        input, {batch, groups, product(out), channels * product(window)});
  }

  /// Any windows: one slice for every position in them.
  Value windowRows(Value input) {
    SmallVector<Value> positions;
    SmallVector<int64_t> at(window.size(), 0);
    auto sizes = withSpatial(batch, groups * channels, out);
    auto strides = withSpatial(1, 1, op.getStrides());
    for (int64_t i = 0; i < product(window); ++i) {
      SmallVector<int64_t> starts{0, 0};
      for (size_t axis = 0; axis < at.size(); ++axis)
        starts.push_back(at[axis] * op.getDilations()[axis]);
      positions.push_back(
          emit.reshape(emit.slice(input, starts, sizes, strides),
                       {batch, groups, channels, product(out), 1}));
      for (size_t axis = at.size(); axis-- > 0;) {
        if (++at[axis] < window[axis])
          break;
        at[axis] = 0;
      }
    }
    Value all = emit.transpose(emit.concat(positions, 4), {0, 1, 3, 2, 4});
    return emit.reshape(
        all, {batch, groups, product(out), channels * product(window)});
  }

  nn::ConvOp op;
  Emitter &emit;
  const int64_t groups;
  const ArrayRef<int64_t> window, out;
  const int64_t batch, channels, features;
};

} // namespace

LogicalResult secformer::lowerConv(nn::ConvOp op, Lowering &state) {
  Emitter &emit = state.emit;
  // The program has one statement for every position in the window.
  constexpr int64_t kLargestWindow = 1024;
  if (product(op.getKernel().getType().getShape().drop_front(2)) >
      kLargestWindow)
    return op.emitError("convolution with a window of ")
           << product(op.getKernel().getType().getShape().drop_front(2))
           << " positions: at most " << kLargestWindow
           << " are supported on secrets";
  auto bounds = state.range(op.getResult());
  if (failed(bounds))
    return failure();
  auto x = asSecret(op.getInput(), largestOr(op.getInput(), 1), state),
       kernel = asSecret(op.getKernel(), largestOr(op.getKernel(), 1), state);
  if (failed(x) || failed(kernel))
    return failure();
  Windows windows(op, emit);
  Value rows = windows.rows(emit.opened(*x, emit.factorScale(x->bound)));
  Value columns =
      windows.columns(emit.opened(*kernel, emit.factorScale(kernel->bound)));
  state.bind(op.getResult(), Secret{windows.result(emit.matmul(rows, columns)),
                                    bounds->bound()});
  return success();
}
