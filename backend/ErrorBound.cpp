//===- ErrorBound.cpp - how far a private result may be off ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "backend/ErrorBound.h"
#include <cmath>

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

void Noise::operator()(Operation *op, runtime::Role &role,
                       ArrayRef<runtime::Wire> wires) {
  auto costed = dyn_cast<CostInterface>(op);
  double bound = costed ? costed.getErrorBound() : 0;
  if (bound == 0)
    return;
  const runtime::Wire result = wires.front();
  bool relative = false;
  if (auto function = dyn_cast<UnivariateOp>(op)) {
    FitOp fit = function.lookupFit();
    relative = fit.getRelative();
    // What is certified holds for the unluckiest masks.
    if (auto typical = fit.getTypicalError())
      bound = std::min(bound, typical->convertToDouble());
  }
  // Reference rounds down; the parties round either way.
  const double centre = isa<TruncateOp, TruncateOpenOp, NarrowOp>(op) ? 0.5 : 0;
  const runtime::Array &exact = role.partsOf(result)[0];
  const double units =
      bound * (relative ? 1 : std::ldexp(1.0, int(role.type(result).scale)));
  const double common = uniform();
  runtime::Array noisy(exact.size());
  for (size_t i = 0; i < exact.size(); ++i) {
    const int64_t value = int64_t(exact.data()[i]);
    const double size = relative ? units * std::abs(double(value)) : units;
    const double error = size * (common + uniform()) / 2 + centre;
    // Rounded up or down by chance, so that small errors do not vanish.
    noisy.data()[i] =
        uint64_t(value + int64_t(std::floor(error + (uniform() + 1) / 2)));
  }
  static_cast<runtime::Reference &>(role).replace(result, std::move(noisy));
}

void ErrorStatistics::add(size_t sample, const runtime::Tensor &found,
                          const runtime::Tensor &expected) {
  samples.resize(std::max(samples.size(), sample + 1));
  Sample &here = samples[sample];
  here.elements.resize(found.size());
  ++here.runs;
  for (size_t i = 0; i < found.size(); ++i) {
    const double error = found.at(i) - expected.at(i);
    here.elements[i].sum += error;
    here.elements[i].squares += error * error;
  }
}

double ErrorStatistics::bound() const {
  auto variance = [](const Sample &sample, const Moments &moments) {
    const double mean = moments.sum / sample.runs;
    return std::max(0.0, moments.squares / sample.runs - mean * mean) *
           sample.runs / std::max(1U, sample.runs - 1);
  };
  double total = 0;
  size_t count = 0;
  for (const Sample &sample : samples)
    for (const Moments &moments : sample.elements) {
      total += variance(sample, moments);
      ++count;
    }
  const double pooled = count ? total / double(count) : 0;
  double largest = 0;
  for (const Sample &sample : samples)
    for (const Moments &moments : sample.elements) {
      const double deviation =
          std::sqrt(std::max(pooled, variance(sample, moments)));
      largest = std::max(largest,
                         std::abs(moments.sum / sample.runs) + 6 * deviation);
    }
  return largest;
}

std::map<std::string, double>
secformer::errorBounds(const Interpreter &program,
                       const runtime::WeightSource &weights,
                       ArrayRef<ErrorSample> samples, unsigned runs) {
  // No secret is involved: a fixed seed makes bounds reproducible.
  Noise noise(0);
  const runtime::Program phases = program.program("", std::ref(noise));
  runtime::Reference reference(weights);
  reference.start(0, nullptr);
  phases.setup(reference);
  std::map<std::string, ErrorStatistics> outputs;
  for (auto [index, sample] : llvm::enumerate(samples))
    for (unsigned run = 0; run < runs; ++run) {
      reference.start(1, &sample.inputs);
      phases.infer(reference);
      for (const auto &[name, tensor] : reference.outputs())
        if (tensor.dtype == runtime::DType::Float32)
          outputs[name].add(index, tensor, sample.expected.at(name));
    }
  std::map<std::string, double> bounds;
  for (const auto &[name, statistics] : outputs)
    bounds[name] = statistics.bound();
  return bounds;
}

ErrorEffort secformer::errorEffort(ModuleOp rounds, size_t samples) {
  constexpr double budget = 4e10; // multiplications, about half a minute
  constexpr double fewest = 3, most = 8;
  double work = 1;
  rounds.walk([&](CostInterface op) {
    if (op->getNumResults() != 1)
      return;
    auto type = dyn_cast<WireTypeInterface>(op->getResult(0).getType());
    double each = 8; // a few for every element, whatever is done to it
    if (auto product = dyn_cast<MatmulOp>(*op))
      each += double(shapeOf(product.getLhs()).back());
    else if (auto function = dyn_cast<UnivariateOp>(*op))
      each += 4 * function.lookupFit().getHarmonics();
    if (type)
      work += each * double(type.getNumElements());
  });
  const double worth =
      std::clamp(std::floor(budget / (fewest * work)), 1.0, double(samples));
  return {
      size_t(worth),
      unsigned(std::clamp(std::floor(budget / (worth * work)), fewest, most))};
}
