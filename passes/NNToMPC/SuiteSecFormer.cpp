//===- SuiteSecFormer.cpp - SecFormer's protocols -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Luo et al., SecFormer: fast and accurate privacy-preserving inference for
// Transformer models via SMPC (Findings of ACL 2024, arXiv 2401.00793): 2Quad
// in place of softmax, Goldschmidt's division and inverse square root after
// input deflation (section 3.3), GELU in segments by a sine series (section
// 3.2) or by polynomials (version 1). Other activations as in the fast suite.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Goldschmidt.h"
#include "passes/NNToMPC/SuiteGoldschmidt.h"
#include "passes/NNToMPC/Suites.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace secformer;

namespace {
/// Of the paper: divisors of sums of squares and of variances.
constexpr double kSumDeflation = 5000, kVarianceDeflation = 2000;
constexpr int kDivisionSteps = 13, kRootSteps = 11;

class SecFormerSuite : public GoldschmidtSuite {
public:
  explicit SecFormerSuite(const SuiteOptions &options) : options(options) {}

protected:
  const SegmentedGelu *gelu() const override {
    return options.gelu == GeluForm::FourierSegments ? &geluBySines
                                                     : &geluByPolynomials;
  }
  FailureOr<Secret> reciprocal(Emitter &emit, Value x, Range range,
                               double unit) override {
    return inverse(emit, Inverse::Reciprocal, x, range, unit);
  }
  FailureOr<Secret> inverseRoot(Emitter &emit, Value x, Range range,
                                double unit) override {
    return inverse(emit, Inverse::Root, x, range, unit);
  }

private:
  FailureOr<Secret> inverse(Emitter &emit, Inverse kind, Value x, Range range,
                            double unit) const;

  const SuiteOptions options;
};
} // namespace

static std::string text(double value) {
  std::string result;
  llvm::raw_string_ostream(result) << llvm::format("%.4g", value);
  return result;
}

/// The constants of the paper, if asked for, and what they do on the range.
FailureOr<Secret> SecFormerSuite::inverse(Emitter &emit, Inverse kind, Value x,
                                          Range range, double unit) const {
  if (!options.publishedConstants)
    return goldschmidt(emit, kind, x, range,
                       planGoldschmidt(kind, range, emit.fraction));
  const bool root = kind == Inverse::Root;
  const StringRef what = root ? "inverse square root" : "division";
  const double deflation = root ? kVarianceDeflation : kSumDeflation;
  const int steps = root ? kRootSteps : kDivisionSteps;
  GoldschmidtPlan plan =
      publishedGoldschmidt(kind, range, deflation * unit, steps, emit.fraction);
  const Range values{range.low / unit, range.high / unit};
  if (plan.end.low > plan.end.high)
    return emitError(emit.location)
           << "the published " << what << " diverges: " << text(values.high)
           << " / " << text(deflation) << " is not below " << text(plan.bound)
           << "; leave out --published-constants";
  if (plan.error > 1e-3)
    emitWarning(emit.location)
        << "the published " << what << " (" << steps
        << " iterations after division by " << text(deflation)
        << ") is off by up to " << text(100 * plan.error)
        << " % on values from " << text(values.low) << " to "
        << text(values.high);
  return goldschmidt(emit, kind, x, range, plan);
}

std::unique_ptr<Suite>
secformer::createSecFormerSuite(const SuiteOptions &options) {
  return std::make_unique<SecFormerSuite>(options);
}
