//===- SuiteFastActivations.cpp - fitted functions of every element -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

namespace {
/// How an activation is computed: `half` adds x/2 to an even function.
struct Activation {
  double (*function)(double);
  bool half = false;
  bool positive = false; ///< argument > 0 and relative error
};
} // namespace

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static std::optional<Activation> activation(nn::UnaryKind kind) {
  using Kind = nn::UnaryKind;
  switch (kind) {
  // x * Phi(x) - x/2 is even for every Phi with Phi(x) + Phi(-x) = 1.
  case Kind::Gelu:
    return Activation{[](double x) { return x / 2 * std::erf(x * M_SQRT1_2); },
                      /*half=*/true};
  case Kind::GeluTanh:
    return Activation{[](double x) {
                        double u =
                            std::sqrt(M_2_PI) * (x + 0.044715 * x * x * x);
                        return x / 2 * std::tanh(u);
                      },
                      /*half=*/true};
  case Kind::QuickGelu:
    return Activation{[](double x) { return x * (sigmoid(1.702 * x) - 0.5); },
                      /*half=*/true};
  case Kind::Silu:
    return Activation{[](double x) { return x * (sigmoid(x) - 0.5); },
                      /*half=*/true};
  case Kind::Tanh:
    return Activation{[](double x) { return std::tanh(x); }};
  case Kind::Sigmoid:
    return Activation{sigmoid};
  case Kind::Erf:
    return Activation{[](double x) { return std::erf(x); }};
  case Kind::Exp:
    return Activation{[](double x) { return std::exp(x); }};
  case Kind::Sin:
    return Activation{[](double x) { return std::sin(x); }};
  case Kind::Cos:
    return Activation{[](double x) { return std::cos(x); }};
  case Kind::Reciprocal:
    return Activation{[](double x) { return 1 / x; }, false, true};
  case Kind::Sqrt:
    return Activation{[](double x) { return std::sqrt(x); }, false, true};
  case Kind::Rsqrt:
    return Activation{[](double x) { return 1 / std::sqrt(x); }, false, true};
  default:
    return std::nullopt;
  }
}

LogicalResult FastSuite::lower(nn::UnaryOp op, Lowering &state) {
  Emitter &emit = state.emit;
  StringRef name = nn::stringifyUnaryKind(op.getKind());
  auto x = state.secret(op.getInput());
  auto input = state.range(op.getInput());
  auto result = state.range(op.getResult());
  if (failed(x) || failed(input) || failed(result))
    return failure();
  std::optional<Activation> known = activation(op.getKind());
  if (!known)
    return op.emitError("'")
           << name
           << "' of a secret value is not supported: it is not a smooth "
              "function and needs a comparison";

  FailureOr<mpc::FitOp> fit = failure();
  if (known->positive) {
    if (input->low <= 0)
      return op.emitError("'")
             << name << "' needs a positive argument; its range is ["
             << input->low << ", " << input->high
             << "]: calibrate with --calibrate";
    fit = fitPositive(emit, name, known->function, coarsePositive(*input));
  } else {
    Range range = coarse(*input);
    FitRequest request;
    request.name = known->half ? (name + "(x) - x/2").str() : name.str();
    request.function = known->function;
    request.low = range.low;
    request.high = range.high;
    request.even = known->half;
    request.maxError = std::exp2(-(int(emit.fraction) - 1));
    request.inputScale = emit.fraction;
    fit = emit.fit(request);
  }
  if (failed(fit))
    return failure();
  Secret y{emit.apply(*fit, x->wire), result->bound()};
  if (known->half)
    y = emit.add(y, {emit.relabel(x->wire, 1), x->bound / 2}, y.bound);
  state.bind(op.getResult(), y);
  return success();
}
