//===- Signature.h - inputs of a model, dynamic axes bound ----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_FRONTEND_SIGNATURE_H
#define SECFORMER_FRONTEND_SIGNATURE_H

#include "frontend/Import.h"
#include "frontend/ModelFile.h"

namespace secformer::frontend {

struct InputSignature {
  std::string name;
  mlir::RankedTensorType type;
};

/// The inputs of the graph (initializers among them are not inputs) with their
/// dynamic axes bound. All axes without a size are one error, and so are all
/// options that name no axis.
mlir::FailureOr<std::vector<InputSignature>>
bindInputs(const ModelFile &file, const ImportOptions &options);

} // namespace secformer::frontend

#endif // SECFORMER_FRONTEND_SIGNATURE_H
