//===- SuiteCrypTen.h - division and roots as in CrypTen ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_PASSES_NNTOMPC_SUITECRYPTEN_H
#define SECFORMER_PASSES_NNTOMPC_SUITECRYPTEN_H

#include "passes/NNToMPC/CrypTen.h"
#include "passes/NNToMPC/SuiteGoldschmidt.h"

namespace secformer {

/// A suite with Newton's iterations in place of Goldschmidt's.
template <class Base> class NewtonIterations : public Base {
public:
  using Base::Base;

protected:
  mlir::FailureOr<Secret> reciprocal(Emitter &emit, mlir::Value x, Range range,
                                     double) override {
    return newtonReciprocal(emit, x, range);
  }
  mlir::FailureOr<Secret> inverseRoot(Emitter &emit, mlir::Value x, Range range,
                                      double) override {
    return newtonInverseRoot(emit, x, range);
  }
  bool dividesMeans() const override { return true; }
};

} // namespace secformer

#endif // SECFORMER_PASSES_NNTOMPC_SUITECRYPTEN_H
