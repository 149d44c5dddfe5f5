//===- Calibrate.cpp - measured ranges ------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NN/Calibrate.h"
#include "passes/NN/Match.h"
#include "passes/NN/Passes.h"
#include "passes/NN/Ranges.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/Samples.h"
#include "llvm/ADT/MapVector.h"

#include <cmath>
#include <cstring>

namespace secformer::nn {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "passes/NN/Passes.h.inc"
} // namespace secformer::nn

using namespace mlir;
using namespace secformer;
using namespace secformer::nn;

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

/// An array of a file as a value of the dialect; nothing if the dialect does
/// not have the element type.
static std::optional<Tensor> convert(const runtime::Tensor &array) {
  auto build = [&](auto zero) {
    using T = decltype(zero);
    return Tensor::build<T>(array.shape, [&](MutableArrayRef<T> out) {
      std::memcpy(out.data(), array.data.data(), array.data.size());
    });
  };
  switch (array.dtype) {
  case runtime::DType::Float32:
    return build(float());
  case runtime::DType::Int32:
    return build(int32_t());
  case runtime::DType::Int64:
    return build(int64_t());
  case runtime::DType::Bool:
    return build(bool());
  case runtime::DType::Float64:
    return std::nullopt;
  }
  return std::nullopt;
}

static std::string describe(RankedTensorType type) {
  return elementName(elementOf(type.getElementType())) +
         (" of shape " + toString(type.getShape()));
}

/// Arrays that are no argument are left out.
static LogicalResult takeInputs(func::FuncOp function,
                                const runtime::TensorMap &arrays,
                                Sample &sample) {
  for (BlockArgument argument : function.getArguments()) {
    std::string name = argumentName(function, argument.getArgNumber());
    auto type = cast<RankedTensorType>(argument.getType());
    auto error = [&]() -> InFlightDiagnostic {
      return function.emitError("calibration sample '")
             << sample.source << "': expected an array '" << name << "' ("
             << describe(type) << "), found ";
    };
    auto found = arrays.find(name);
    if (found == arrays.end()) {
      auto diagnostic = error() << "only";
      for (const auto &[other, array] : arrays)
        diagnostic << " '" << other << "'";
      return diagnostic;
    }
    const runtime::Tensor &array = found->second;
    std::optional<Tensor> value = convert(array);
    if (!value || value->getType(function.getContext()) != type)
      return error() << runtime::dtypeName(array.dtype) << " of shape "
                     << runtime::toString(array.shape);
    sample.inputs[name] = *value;
  }
  return success();
}

FailureOr<TensorMap> secformer::nn::readArrays(const std::string &file,
                                               Location location) {
  try {
    TensorMap arrays;
    for (const auto &[name, array] : runtime::readNpz(file))
      if (std::optional<Tensor> value = convert(array))
        arrays[name] = *value;
    return arrays;
  } catch (const runtime::Error &error) {
    return emitError(location) << error.what();
  }
}

FailureOr<std::vector<Sample>>
secformer::nn::readSamples(func::FuncOp function, ArrayRef<std::string> files) {
  std::map<std::string, runtime::Shape> shapes;
  for (BlockArgument argument : function.getArguments())
    shapes[argumentName(function, argument.getArgNumber())] =
        cast<RankedTensorType>(argument.getType()).getShape().vec();
  std::vector<Sample> samples;
  for (const std::string &file : files) {
    try {
      auto read = runtime::splitSamples(runtime::readNpz(file), shapes, file);
      for (auto [index, arrays] : llvm::enumerate(read.each)) {
        std::string name = runtime::sampleName(file, read, index);
        Sample &sample = samples.emplace_back(Sample{name, {}, read.stacked});
        if (failed(takeInputs(function, arrays, sample)))
          return failure();
      }
    } catch (const runtime::Error &error) {
      return function.emitError("calibration sample: ") << error.what();
    }
  }
  return samples;
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// By a share of the larger end; a sign that all values had stays.
static Range widen(Range range, double margin) {
  double room = margin * std::max(std::abs(range.low), std::abs(range.high));
  return {range.low >= 0 ? range.low / (1 + margin) : range.low - room,
          range.high <= 0 ? range.high / (1 + margin) : range.high + room};
}

static bool isFinite(Range range) {
  return std::isfinite(range.low) && std::isfinite(range.high);
}

static bool needsRange(Operation *op, const Tensor &result) {
  return result.getElement() == Element::F32 && !isInTheClear(op);
}

/// Does the mask depend on an input that was not declared public? Not known
/// before secrecy is annotated: then it counts as public.
static bool hasSecretMask(SoftmaxOp op) {
  Value mask = op.getMask();
  if (!mask)
    return false;
  if (Operation *source = mask.getDefiningOp()) {
    auto secrecy = source->getAttrOfType<StringAttr>(secrecyAttr);
    return secrecy && secrecy.getValue() != "public";
  }
  auto argument = cast<BlockArgument>(mask);
  return !cast<func::FuncOp>(argument.getOwner()->getParentOp())
              .getArgAttr(argument.getArgNumber(), publicAttr);
}

namespace {
/// Hulls over all samples of what was measured at one place.
struct Measured {
  std::optional<Range> value, centered, meanNumerator, variance;
};

class Measurement {
public:
  LogicalResult run(func::FuncOp function, const Sample &sample,
                    const WeightStore &weights) {
    for (BlockArgument argument : function.getArguments())
      if (failed(observe(function, argument, sample)))
        return failure();
    Operation *notFinite = nullptr;
    auto observer = [&](Operation *op, ArrayRef<Tensor> operands,
                        const Tensor &result) {
      if (!observe(op, operands, result) && !notFinite)
        notFinite = op;
    };
    if (failed(evaluateFunction(function, sample.inputs, weights, observer)))
      return failure();
    if (notFinite)
      return notFinite->emitError("has an infinite value or one that is not a "
                                  "number on the calibration sample '")
             << sample.source << "': such values have no fixed-point form";
    return success();
  }

  void annotate(double margin) const {
    for (const auto &[argument, range] : arguments)
      if (range)
        setRange(Value(argument), widen(*range, margin));
    for (const auto &[op, measured] : ops)
      annotate(op, measured, margin);
  }

private:
  LogicalResult observe(func::FuncOp function, BlockArgument argument,
                        const Sample &sample) {
    std::string name = argumentName(function, argument.getArgNumber());
    auto input = sample.inputs.find(name);
    if (input == sample.inputs.end() ||
        input->second.getElement() != Element::F32)
      return success();
    Range range = rangeOf(input->second);
    if (!isFinite(range))
      return function.emitError("calibration sample '")
             << sample.source << "': input '" << name
             << "' has an infinite value or one that is not a number";
    add(arguments[argument], range);
    return success();
  }

  /// False if a value is not finite.
  bool observe(Operation *op, ArrayRef<Tensor> operands, const Tensor &result) {
    if (!needsRange(op, result))
      return true;
    Measured &here = ops[op];
    if (isa<ParamOp>(op) && here.value)
      return true; // The same in every sample.
    Range range = rangeOf(result);
    if (!isFinite(range))
      return false;
    add(here.value, range);
    if (isa<SoftmaxOp, LogSoftmaxOp>(op)) {
      auto softmax = dyn_cast<SoftmaxOp>(op);
      SoftmaxInner inner = softmaxInner(
          operands[0], operands.size() > 1 ? &operands[1] : nullptr,
          softmax ? softmax.getScale().convertToDouble() : 1.0,
          softmax ? softmax.getAxis() : cast<LogSoftmaxOp>(op).getAxis(),
          softmax && hasSecretMask(softmax),
          softmax && softmax.getQuad()
              ? std::optional(softmax.getQuad()->convertToDouble())
              : std::nullopt);
      add(here.centered, inner.centered);
      add(here.meanNumerator, inner.meanNumerator);
      // The exponential may overflow where softmax itself does not.
      return !here.meanNumerator || isFinite(*here.meanNumerator);
    }
    if (auto norm = dyn_cast<LayerNormOp>(op))
      add(here.variance,
          layerNormInner(operands[0], norm.getAxis(), norm.getRms()));
    return true;
  }

  static void add(std::optional<Range> &measured, Range range) {
    // Softmax without any unmasked position measures nothing.
    if (range.low > range.high)
      return;
    measured = measured ? hull(*measured, range) : range;
  }

  static void annotate(Operation *op, const Measured &measured, double margin) {
    const double factor = 1 + margin;
    if (auto range = measured.value)
      setRange(op,
               isa<ParamOp, ConstantOp>(op) ? *range : widen(*range, margin));
    if (auto range = measured.centered) {
      double room = margin / 2 * (range->high - range->low);
      setRange(op, {range->low - room, range->high + room}, centeredRangeAttr);
    }
    // Products of exponentials and squares: twice the margin.
    if (auto range = measured.meanNumerator) {
      // Of exponentials at least 1 where the mean of x is over the same
      // positions (Jensen).
      auto softmax = dyn_cast<SoftmaxOp>(op);
      double least =
          softmax && (softmax.getQuad() || hasSecretMask(softmax)) ? 0 : 1;
      setRange(
          op,
          {std::max(least, range->low / factor), range->high * factor * factor},
          meanNumeratorRangeAttr);
    }
    if (auto range = measured.variance)
      setRange(op,
               {range->low / (factor * factor), range->high * factor * factor},
               varianceRangeAttr);
  }

  llvm::MapVector<Operation *, Measured> ops;
  llvm::MapVector<BlockArgument, std::optional<Range>> arguments;
};
} // namespace

LogicalResult secformer::nn::calibrate(func::FuncOp function,
                                       ArrayRef<Sample> samples,
                                       const WeightStore &weights,
                                       const CalibrateOptions &options) {
  if (!(options.margin >= 0))
    return function.emitError("expected a calibration margin of 0 or more, "
                              "found ")
           << toText(options.margin);
  Measurement measurement;
  for (const Sample &sample : samples)
    if (failed(measurement.run(function, sample, weights)))
      return failure();
  measurement.annotate(options.margin);
  return success();
}

namespace {
struct CalibratePass : secformer::nn::impl::CalibratePassBase<CalibratePass> {
  using CalibratePassBase::CalibratePassBase;

  void runOnOperation() override {
    WeightStore store;
    if (failed(store.load(getOperation(), weights)))
      return signalPassFailure();
    std::vector<std::string> files(samples.begin(), samples.end());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      auto read = readSamples(function, files);
      if (failed(read) ||
          failed(calibrate(function, *read, store, {.margin = margin})))
        return signalPassFailure();
    }
  }
};
} // namespace
