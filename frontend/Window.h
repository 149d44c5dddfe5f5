//===- Window.h - windows that slide over spatial axes --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_WINDOW_H
#define SECFORMER_FRONTEND_WINDOW_H

#include "frontend/Node.h"

namespace secformer::frontend {

/// How the windows of a convolution or a pool lie, for each spatial axis.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, low, high;

  size_t axes() const { return kernel.size(); }
  /// How many elements a window spans.
  int64_t reach(size_t axis) const {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }
};

/// Strides, dilations and pads of the node, padded as auto_pad says for an
/// input of these extents. Nothing after an error.
std::optional<Window> windowOf(Node &node, nn::Extents input,
                               nn::Extents kernel);

/// Only the attributes: without what auto_pad adds.
std::optional<Window> plainWindowOf(Node &node, nn::Extents input,
                                    nn::Extents kernel);

/// NOTSET, VALID, SAME_UPPER or SAME_LOWER; anything else is an error.
std::string autoPad(Node &node);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_WINDOW_H
