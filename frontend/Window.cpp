//===- Window.cpp - windows that slide over spatial axes ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Window.h"

#include "dialect/NN/Limits.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;

std::string secformer::frontend::autoPad(Node &node) {
  std::string mode = node.text("auto_pad", "NOTSET");
  if (mode != "NOTSET" && mode != "VALID" && mode != "SAME_UPPER" &&
      mode != "SAME_LOWER")
    node.error() << "expected auto_pad NOTSET, VALID, SAME_UPPER or "
                    "SAME_LOWER, found '"
                 << mode << "'";
  return mode;
}

std::optional<Window>
secformer::frontend::plainWindowOf(Node &node, Extents input, Extents kernel) {
  SmallVector<int64_t> ones(input.size(), 1), zeros(2 * input.size(), 0);
  Window window;
  window.kernel.assign(kernel.begin(), kernel.end());
  window.strides = node.integers("strides").value_or(ones);
  window.dilations = node.integers("dilations").value_or(ones);
  auto pads = node.integers("pads").value_or(zeros);
  if (node.hasFailed())
    return std::nullopt;
  auto positive = [](int64_t value) { return value > 0 && isWindow(value); };
  auto padding = [](int64_t value) {
    return value >= -maxWindow && value <= maxWindow;
  };
  if (window.strides.size() != input.size() ||
      window.dilations.size() != input.size() ||
      pads.size() != 2 * input.size() || kernel.size() != input.size() ||
      !llvm::all_of(window.strides, positive) ||
      !llvm::all_of(window.dilations, positive) ||
      !llvm::all_of(window.kernel, positive) || !llvm::all_of(pads, padding)) {
    node.error() << "expected a kernel, strides, dilations (positive) and pads "
                    "for "
                 << input.size() << " spatial axes, each at most " << maxWindow;
    return std::nullopt;
  }
  window.low.assign(pads.begin(), pads.begin() + input.size());
  window.high.assign(pads.begin() + input.size(), pads.end());
  return window;
}

/// Padding that makes the result ceil(extent / stride) long; the odd one goes
/// to the end for SAME_UPPER.
static void padSame(Window &window, Extents input, bool upper) {
  for (size_t axis = 0; axis < input.size(); ++axis) {
    int64_t stride = window.strides[axis];
    int64_t places = (input[axis] + stride - 1) / stride;
    int64_t total = std::max<int64_t>(0, (places - 1) * stride +
                                             window.reach(axis) - input[axis]);
    window.low[axis] = upper ? total / 2 : total - total / 2;
    window.high[axis] = total - window.low[axis];
  }
}

std::optional<Window> secformer::frontend::windowOf(Node &node, Extents input,
                                                    Extents kernel) {
  auto window = plainWindowOf(node, input, kernel);
  std::string mode = autoPad(node);
  if (window && StringRef(mode).starts_with("SAME"))
    padSame(*window, input, mode == "SAME_UPPER");
  return window;
}
