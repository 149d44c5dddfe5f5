//===- Operators.cpp - which ONNX operators are known ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Operators.h"

using namespace mlir;
using namespace secformer::frontend;

ArrayRef<ArrayRef<Operator>> secformer::frontend::operatorFamilies() {
  static const ArrayRef<Operator> families[] = {
      elementwiseOperators(),   activationOperators(),     shapeOperators(),
      sliceOperators(),         gatherOperators(),         reductionOperators(),
      normalizationOperators(), productOperators(),        einsumOperators(),
      convolutionOperators(),   poolingOperators(),        resizeOperators(),
      attentionOperators(),     fusedAttentionOperators(), lossOperators(),
      searchOperators(),        quantizationOperators()};
      elementwiseOperators(), activationOperators(),
      shapeOperators(),       sliceOperators(),
      reductionOperators(),   normalizationOperators(),
      productOperators(),     einsumOperators(),
      attentionOperators(),   fusedAttentionOperators(),
      quantizationOperators()};
