//===- SuiteFastActivations.cpp - fitted functions of every element -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Linear.h"
#include "passes/NNToMPC/SuiteFast.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

namespace {
/// How an activation is computed: `half` adds x/2 to an even function.
struct Activation {
  double (*function)(double);
  bool half = false;
  bool positive = false; ///< argument > 0
  bool relative = false; ///< a relative error is asked for
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
  case Kind::Softplus:
    return Activation{[](double x) {
                        return std::abs(x) / 2 +
                               std::log1p(std::exp(-std::abs(x)));
                      },
                      /*half=*/true};
  case Kind::Log:
    return Activation{[](double x) { return std::log(x); }, false, true};
  case Kind::Reciprocal:
    return Activation{[](double x) { return 1 / x; }, false, true, true};
  case Kind::Sqrt:
    return Activation{[](double x) { return std::sqrt(x); }, false, true, true};
  case Kind::Rsqrt:
    return Activation{[](double x) { return 1 / std::sqrt(x); }, false, true,
                      true};
  default:
    return std::nullopt;
  }
}

/// A function of a secret of a range; the caller knows the result's bound.
static FailureOr<Value> applyActivation(Operation *op, const Twine &name,
                                        std::function<double(double)> function,
                                        Activation kind, Secret x, Range input,
                                        Emitter &emit) {
  if (kind.positive && input.low <= 0)
    return op->emitError("'")
           << name << "' needs a positive argument; its range is [" << input.low
           << ", " << input.high << "]: calibrate with --calibrate";
  auto fit =
      kind.relative
          ? fitPositive(emit, name, std::move(function), coarsePositive(input))
          : fitSmooth(emit, kind.half ? name + "(x) - x/2" : name,
                      std::move(function), input, kind.half);
  if (failed(fit))
    return failure();
  return emit.apply(*fit, x.wire);
}

/// x^2/8 + x/4 + 1/2, with one opening.
static LogicalResult lowerQuadGelu(nn::UnaryOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto result = state.range(op.getResult());
  if (failed(x) || failed(result))
    return failure();
  Secret exact = emit.atScale(*x, emit.fraction);
  Value opened = emit.opened(exact, emit.fraction);
  Secret square{emit.relabel(emit.mul(opened, opened), 3), result->bound()};
  Secret y = emit.add(square, {emit.relabel(exact.wire, 2), x->bound / 4},
                      result->bound());
  y.wire = emit.addPublic(y.wire, emit.splat(0.5));
  state.bind(op.getResult(), y);
  return success();
}

LogicalResult FastSuite::lower(nn::UnaryOp op, Lowering &state) {
  if (op.getKind() == nn::UnaryKind::QuadGelu)
    return lowerQuadGelu(op, state);
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
  // 1/x = -1/-x
  bool mirrored = op.getKind() == nn::UnaryKind::Reciprocal && input->high < 0;
  if (mirrored) {
    x->wire = emit.scaleBy(x->wire, -1);
    input = Range{-input->high, -input->low};
  }
  const bool iterates = (op.getKind() == nn::UnaryKind::Reciprocal ||
                         op.getKind() == nn::UnaryKind::Rsqrt) &&
                        !mirrored && input->low > 0;
  FailureOr<Value> wire;
  {
    // What cannot be fitted can be iterated on.
    ScopedDiagnosticHandler quiet(op.getContext(), [&](Diagnostic &diagnostic) {
      return success(iterates &&
                     diagnostic.getSeverity() == DiagnosticSeverity::Error);
    });
    wire = applyActivation(op, name, known->function, *known, *x, *input, emit);
  }
  if (failed(wire) && iterates)
    return lowerByIteration(op, state);
  if (failed(wire))
    return failure();
  Secret y{mirrored ? emit.scaleBy(*wire, -1) : *wire, result->bound()};
  if (known->half)
    y = emit.add(y, {emit.relabel(x->wire, 1), x->bound / 2}, y.bound);
  state.bind(op.getResult(), y);
  return success();
}

/// A constant power of a secret is one function of it.
LogicalResult FastSuite::lower(nn::PowOp op, Lowering &state) {
  Emitter &emit = state.emit;
  std::optional<double> exponent = splatOf(op.getRhs());
  if (!exponent || state.isPublic(op.getLhs()))
    return op.emitError("a power of a secret needs one constant exponent");
  auto x = state.secret(op.getLhs());
  auto input = state.range(op.getLhs());
  auto result = state.range(op.getResult());
  if (failed(x) || failed(input) || failed(result))
    return failure();
  const double power = *exponent;
  Activation kind{nullptr};
  kind.positive = power < 0 || power != std::trunc(power);
  kind.relative = power < 1 && power != 0;
  auto wire = applyActivation(
      op, "x^" + number(power),
      [power](double v) { return std::pow(v, power); }, kind, *x, *input, emit);
  if (failed(wire))
    return failure();
  Value y = *wire;
  if (x->shape() != shapeOf(op.getResult()))
    y = emit.broadcast(y, shapeOf(op.getResult()));
  state.bind(op.getResult(), Secret{y, result->bound()});
  return success();
}
