//===- GraphOrder.h - the nodes of a graph in an order to run them --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_GRAPHORDER_H
#define SECFORMER_FRONTEND_GRAPHORDER_H

#include "frontend/ModelFile.h"

#include <vector>

namespace secformer::frontend {

/// Indices of the nodes that the outputs need, every node after those it
/// depends on and otherwise as they are in the file. Errors: a value (other
/// than a constant) defined twice, an input or an output that nothing defines,
/// a cycle.
mlir::FailureOr<std::vector<int>> orderNodes(const ModelFile &file);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_GRAPHORDER_H
