//===- ErrorBound.h - how far a private result may be off -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Monte Carlo arithmetic (Parker 1997): the fixed-point program runs several
// times in the clear, and every operation that rounds or approximates adds a
// random error of the size of its stated bound. docs/errors.md says what the
// result means.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_ERRORBOUND_H
#define SECFORMER_BACKEND_ERRORBOUND_H

#include "backend/Interpreter.h"
#include <map>
#include <random>

namespace secformer {

/// An observer of Reference that disturbs what it sees. Half of an error is
/// common to the elements of a value, half is each element's own.
class Noise {
public:
  explicit Noise(uint64_t seed) : random(seed) {}
  void operator()(mlir::Operation *op, runtime::Role &role,
                  llvm::ArrayRef<runtime::Wire> wires);

private:
  /// In [-1, 1).
  double uniform() { return double(int64_t(random())) * 0x1p-63; }

  std::mt19937_64 random;
};

/// Errors of one tensor over samples and runs.
class ErrorStatistics {
public:
  /// The difference of a run's result and the expected one.
  void add(size_t sample, const runtime::Tensor &found,
           const runtime::Tensor &expected);
  /// The largest of |mean| + 6 standard deviations over the elements of all
  /// samples. A deviation is at least the root mean square of all of them, as
  /// a few runs may make one look small.
  double bound() const;

private:
  struct Moments {
    double sum = 0, squares = 0;
  };
  struct Sample {
    unsigned runs = 0;
    std::vector<Moments> elements;
  };
  std::vector<Sample> samples;
};

/// Inputs, and what the model gives for them in float32.
struct ErrorSample {
  runtime::TensorMap inputs, expected;
};

/// Bounds of all outputs of numbers by name (a place is right or is not), from
/// \p runs runs of each sample.
std::map<std::string, double> errorBounds(const Interpreter &program,
                                          const runtime::WeightSource &weights,
                                          llvm::ArrayRef<ErrorSample> samples,
                                          unsigned runs);

/// What a model of this size is worth: all samples and 8 runs of each; if that
/// takes too long fewer runs, but 3, and then fewer samples.
struct ErrorEffort {
  size_t samples;
  unsigned runs;
};
ErrorEffort errorEffort(mlir::ModuleOp rounds, size_t samples);

} // namespace secformer

#endif // SECFORMER_BACKEND_ERRORBOUND_H
