//===- SuiteFast.cpp - one round per smooth function, no comparison -------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Softmax by row mean, LayerNorm by one rsqrt per row, activations by fitted
// Fourier series. The mathematics: docs/protocols.md.
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Lowering.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

/// Room between the argument range and the period's end, and for the error of
/// fixed-point arguments, as a share of the range.
static constexpr double kSlack = 1.0 / 64;

/// Up to this ratio of largest to smallest argument a reciprocal is one fit.
static constexpr double kDirectRange = 48;
/// Relative error of a rough reciprocal.
static constexpr double kRoughError = 0.3;

static unsigned log2Ceil(double value) {
  return static_cast<unsigned>(std::max(0.0, std::ceil(std::log2(value))));
}

/// A number as it stands in the name of a function: exact, since fits are
/// shared by name.
static std::string number(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.17g", value);
  return text;
}

/// Outward to a coarse grid, so that layers with nearly one range share a fit.
static Range coarse(Range range) {
  // A single point is a range, too.
  double width = std::max(range.high - range.low, range.bound() / 32 + 1e-3);
  double step = std::exp2(std::floor(std::log2(width)) - 5);
  return {std::floor((range.low - kSlack * width) / step) * step,
          std::ceil((range.high + kSlack * width) / step) * step};
}

/// The same for a positive range, in quarter octaves.
static Range coarsePositive(Range range) {
  auto grid = [](double value, auto round) {
    return std::exp2(round(4 * std::log2(value)) / 4);
  };
  return {
      grid(range.low * (1 - kSlack), [](double v) { return std::floor(v); }),
      grid(range.high * (1 + kSlack), [](double v) { return std::ceil(v); })};
}

namespace {

class FastSuite : public Suite {
public:
  LogicalResult lower(nn::SoftmaxOp op, Lowering &state) override;
  LogicalResult lower(nn::LayerNormOp op, Lowering &state) override;
  LogicalResult lower(nn::UnaryOp op, Lowering &state) override;

private:
  /// A positive decreasing function of a positive argument, to relative error
  /// 2^-(fraction - 1).
  FailureOr<mpc::FitOp> fitPositive(Emitter &emit, const Twine &name,
                                    std::function<double(double)> function,
                                    Range range);
  /// Factors whose product is 1 / (row sum of `numerator`); `inverse` is the
  /// public 1 / (number of positions of a row).
  FailureOr<SmallVector<Secret, 2>>
  reciprocalOfMean(Emitter &emit, Secret numerator, Value inverse, Range means);
};

} // namespace

FailureOr<mpc::FitOp>
FastSuite::fitPositive(Emitter &emit, const Twine &name,
                       std::function<double(double)> function, Range range) {
  FitRequest request;
  request.name = name.str();
  request.function = std::move(function);
  request.low = range.low;
  request.high = range.high;
  request.relative = true;
  request.maxError = std::exp2(-(int(emit.fraction) - 1));
  // The argument is read as finely as its ring allows: at most 20 bits, of
  // which a power of two above the range takes the upper ones.
  int scale = std::min(int(emit.fraction) + 2,
                       19 - int(log2Ceil(range.high * (1 + kSlack))));
  // A unit of the argument moves these functions by at most unit / argument.
  if (scale < 0 || std::exp2(-scale) / range.low > 1.0 / 64)
    return emitError(emit.location)
           << request.name << " on [" << range.low << ", " << range.high
           << "]: the range is too wide for one function of 20 bits; calibrate "
              "with samples (--calibrate), or normalize the model's values";
  request.inputScale = scale;
  return emit.fit(request);
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// Scores are centred by their row mean (free), so that the sum of n
/// exponentials is at least n (Jensen) and needs no maximum; the exponentials
/// are opened once, and the division by the row sum is put off past the product
/// with V.
LogicalResult FastSuite::lower(nn::SoftmaxOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto centred = state.range(op, "nn.centered_range");
  auto meanExp = state.range(op, "nn.mean_exp_range");
  if (failed(x) || failed(centred) || failed(meanExp))
    return failure();
  int64_t rank = x->shape().size();
  if (int64_t(op.getAxis()) != rank - 1)
    return op.emitError("softmax over axis ")
           << op.getAxis() << " of " << rank
           << ": on secrets only the last axis is supported; transpose before "
              "and after it";
  double scale = op.getScale().convertToDouble();
  if (scale <= 0)
    return op.emitError("softmax of scores times ")
           << scale << ": expected a positive factor";
  const int64_t n = x->shape().back();

  // Row mean. Weights 1/n with few bits move a whole row by at most a 128th of
  // its largest score, which softmax does not see and the range allows for.
  const unsigned meanBits = log2Ceil(n) + 6;
  const double shift = scale * x->bound / 128;
  Value mask, inverse, mean;
  if (op.getMask()) {
    auto plain = [&](mpc::PlainKind kind, ValueRange operands,
                     ArrayRef<int64_t> shape) -> Value {
      auto type = RankedTensorType::get(shape, emit.builder.getF32Type());
      return emit.create<mpc::PlainOp>(type, kind, operands);
    };
    Value given = state.get(op.getMask()).publicValue;
    if (!given)
      return op.emitError("the attention mask is secret: declare the input it "
                          "comes from with --public-input, or leave the mask "
                          "out");
    SmallVector<int64_t> shape(
        cast<RankedTensorType>(given.getType()).getShape());
    if (shape.empty() || shape.back() != n)
      return op.emitError("expected a mask with last extent ")
             << n << ", found " << given.getType();
    mask = plain(mpc::PlainKind::NotZero, given, shape);
    SmallVector<int64_t> rows(shape);
    rows.back() = 1;
    Value count = plain(mpc::PlainKind::SumLast, mask, rows);
    // A row without any position gives zeros, not a division by zero.
    count = plain(mpc::PlainKind::Max, {count, emit.splat(1)}, rows);
    inverse = plain(mpc::PlainKind::Div, {emit.splat(1), count}, rows);
    Value weights = plain(mpc::PlainKind::Div, {mask, count}, shape);
    mean = emit.sumLast(emit.mulPublic(x->wire, weights, meanBits));
  } else {
    inverse = emit.splat(1.0 / n);
    mean = emit.mulPublic(emit.sumLast(x->wire), inverse, meanBits);
  }
  Value scores =
      emit.relabel(emit.scaleBy(x->wire, int64_t(1) << meanBits), meanBits);
  scores = emit.sub(scores, mean);

  // Exponential, as a function of the unscaled scores.
  Range domain = coarse({centred->low - shift, centred->high + shift});
  FitRequest exponential;
  exponential.name = "exp(" + number(scale) + " x)";
  exponential.function = [scale](double v) { return std::exp(scale * v); };
  exponential.low = domain.low / scale;
  exponential.high = domain.high / scale;
  // Absolute: every row sums to at least n.
  exponential.maxError = std::exp2(-(int(emit.fraction) - 3));
  exponential.inputScale =
      std::max(0, int(emit.fraction) + int(std::ceil(std::log2(scale))));
  auto exp = emit.fit(exponential);
  if (failed(exp))
    return failure();
  Value e = emit.apply(*exp, scores);
  if (mask)
    e = emit.mulPublic(e, mask, 0);
  const double largest = std::exp(domain.high);
  Secret numerator = emit.atScale({e, largest}, emit.fraction);

  Range means = coarsePositive({meanExp->low * std::exp(-shift) * (1 - kSlack),
                                meanExp->high * std::exp(shift)});
  auto factors = reciprocalOfMean(emit, numerator, inverse, means);
  if (failed(factors))
    return failure();
  state.bind(op.getResult(), Lowered{{}, numerator, *factors, n * means.high});
  return success();
}

/// The mean exponential lies in a range that does not depend on how many
/// positions a row has. Over a narrow range its reciprocal is one function.
/// Over a wide one a rough reciprocal comes first: what is left of the mean
/// after multiplying by it is near 1, whatever the error of the rough one, and
/// has an accurate reciprocal. That takes three more rounds.
FailureOr<SmallVector<Secret, 2>> FastSuite::reciprocalOfMean(Emitter &emit,
                                                              Secret numerator,
                                                              Value inverse,
                                                              Range means) {
  const int64_t n = numerator.shape().back();
  const unsigned fraction = emit.fraction;
  auto reciprocal = [](double v) { return 1 / v; };
  const unsigned inverseBits = log2Ceil(n) + fraction;
  Value mean =
      emit.mulPublic(emit.sumLast(numerator.wire), inverse, inverseBits);

  if (means.high <= kDirectRange * means.low) {
    auto fit = fitPositive(emit, "1/x", reciprocal, means);
    if (failed(fit))
      return failure();
    Value r = emit.mulPublic(emit.apply(*fit, mean), inverse, inverseBits);
    return SmallVector<Secret, 2>{emit.atScale(
        {r, 1.25 / means.low}, fraction + log2Ceil(n * means.high))};
  }

  FitRequest rough;
  rough.name = "1/x, roughly";
  rough.function = reciprocal;
  rough.low = means.low;
  rough.high = means.high;
  rough.relative = true;
  rough.maxError = kRoughError;
  // A unit of the argument must not move the rough reciprocal much.
  int scale = std::min(4, 19 - int(log2Ceil(means.high)));
  if (scale < 0 || std::exp2(-scale) > means.low / 12)
    return emitError(emit.location)
           << "softmax: sums of exponentials from " << means.low << " to "
           << means.high
           << " times their number are too wide a range; calibrate with "
              "samples (--calibrate)";
  rough.inputScale = scale;
  auto roughFit = emit.fit(rough);
  if (failed(roughFit))
    return failure();
  Secret first = emit.atScale({emit.apply(*roughFit, mean), 2 / means.low},
                              log2Ceil(means.high) + 6);
  // The same few bits of 1/n stand in the product and in the result, so that
  // their rounding cancels.
  const unsigned fewBits = log2Ceil(n) + 4;
  Value rest = emit.mul(emit.sumLast(emit.opened(numerator, fraction)),
                        emit.opened(first, first.scale()));
  rest = emit.mulPublic(rest, inverse, fewBits);
  auto fit = fitPositive(emit, "1/x", reciprocal,
                         {1 - 2 * kRoughError, 1 + 2 * kRoughError});
  if (failed(fit))
    return failure();
  Value second = emit.mulPublic(emit.apply(*fit, rest), inverse, fewBits);
  return SmallVector<Secret, 2>{
      first, emit.atScale({second, 1.25 / (1 - 2 * kRoughError)},
                          fraction + 1 + log2Ceil(n))};
}

//===----------------------------------------------------------------------===//
// LayerNorm
//===----------------------------------------------------------------------===//

/// d x - sum(x) and d sum(x^2) - sum(x)^2 need no division; the powers of d go
/// into scales and into the fitted 1/sqrt. The result is one three-way product.
LogicalResult FastSuite::lower(nn::LayerNormOp op, Lowering &state) {
  Emitter &emit = state.emit;
  auto x = state.secret(op.getInput());
  auto variance = state.range(op, "nn.variance_range");
  if (failed(x) || failed(variance))
    return failure();
  int64_t rank = x->shape().size();
  if (int64_t(op.getAxis()) != rank - 1)
    return op.emitError("normalization over axes from ")
           << op.getAxis() << " of " << rank
           << ": on secrets only the last axis is supported";
  if (!(variance->high > 0))
    return op.emitError("expected a positive variance range");

  const int64_t d = x->shape().back();
  const bool rms = op.getRms();
  Value opened = emit.opened(*x, emit.fraction);

  // Row-wise sum of squares as a product of a row with itself.
  SmallVector<int64_t> row(x->shape()), column(x->shape());
  row.insert(row.end() - 1, 1);
  column.push_back(1);
  Value squares =
      emit.matmul(emit.reshape(opened, row), emit.reshape(opened, column));
  SmallVector<int64_t> rows(x->shape());
  rows.back() = 1;
  squares = emit.reshape(squares, rows);

  // `spread` is variance * d^2 (mean square * d); `centred` is d (x - mean), or
  // x itself: both read at a scale that takes the power of two out.
  Value spread = squares, centred = opened;
  double powers = d;
  if (!rms) {
    Value total = emit.sumLast(opened);
    spread = emit.sub(emit.scaleBy(squares, d), emit.mul(total, total));
    centred = emit.sub(emit.scaleBy(opened, d), total);
    powers = double(d) * d;
  }
  int spreadBits = int(std::floor(std::log2(powers)));
  int centredBits = rms ? 0 : int(std::floor(std::log2(d)));
  spread = emit.relabel(spread, spreadBits);
  if (centredBits)
    centred = emit.relabel(centred, centredBits);
  const double q = powers / std::exp2(spreadBits);
  const double c = rms ? 1.0 : double(d) / std::exp2(centredBits);
  const double eps = op.getEps().convertToDouble();

  Range range = coarsePositive({variance->low, variance->high});
  auto rsqrt = fitPositive(
      emit, "1/sqrt(x/" + number(q) + " + " + number(eps) + ")/" + number(c),
      [=](double v) { return 1 / (std::sqrt(v / q + eps) * c); },
      {range.low * q, range.high * q});
  if (failed(rsqrt))
    return failure();
  const double largest = 1 / std::sqrt(range.low + eps);
  // Fraction bits enough for the smallest factor.
  unsigned factorBits =
      emit.fraction + log2Ceil(std::sqrt(range.high + eps) * c);
  Value factor = emit.opened(Secret{emit.apply(*rsqrt, spread), 1.25 * largest},
                             factorBits);

  auto result = state.range(op.getResult());
  if (failed(result))
    return failure();
  Secret y{{}, result->bound()};
  if (op.getGamma()) {
    auto gamma = state.secret(op.getGamma());
    if (failed(gamma))
      return failure();
    y.wire = emit.mul3(centred, factor, emit.opened(*gamma, emit.fraction));
  } else {
    y.wire = emit.mul(centred, factor);
  }
  if (op.getBeta()) {
    auto beta = state.secret(op.getBeta());
    if (failed(beta))
      return failure();
    y = emit.add(y, *beta, y.bound);
  }
  state.bind(op.getResult(), y);
  return success();
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

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

std::unique_ptr<Suite> secformer::createFastSuite() {
  return std::make_unique<FastSuite>();
}
