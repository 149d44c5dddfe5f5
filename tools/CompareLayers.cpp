//===- CompareLayers.cpp - which layer is off -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// One input through float32, fixed point in the clear and shares, node by node.
// Probes (mpc.probe) say where a node's value stands in the program.
//
//===----------------------------------------------------------------------===//

#include "backend/ErrorBound.h"
#include "mlir/Pass/PassManager.h"
#include "passes/NN/Ranges.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/Ring.h"
#include "runtime/Session.h"
#include "runtime/ShapeMath.h"
#include "tools/Compile.h"
#include "tools/RuntimeView.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace secformer;

namespace {
/// What a role holds of one wire.
struct Held {
  runtime::WireType type;
  bool masked = false;
  std::vector<runtime::Array> parts;
  uint64_t part(unsigned index, size_t element) const {
    return parts[index] ? parts[index].data()[element] : 0;
  }
};
/// The wires of every probe, by the index of its node.
using Watched = std::map<int64_t, std::vector<Held>>;

/// One row of the table.
struct Layer {
  Operation *op = nullptr;
  runtime::Tensor plain;
  ErrorStatistics disturbed;
  double fixedPoint = 0;        ///< largest error
  std::optional<double> shares; ///< nothing where only the probe reads a wire
};
} // namespace

static WireObserver watching(Watched &watched) {
  return [&](Operation *op, runtime::Role &role,
             ArrayRef<runtime::Wire> wires) {
    auto probe = dyn_cast<mpc::ProbeOp>(op);
    if (!probe)
      return;
    std::vector<Held> held;
    for (runtime::Wire wire : wires)
      held.push_back({role.type(wire), role.kind(wire) == runtime::Kind::Masked,
                      role.partsOf(wire)});
    watched[int64_t(probe.getIndex())] = std::move(held);
  };
}

/// The node's value: the product of the wires, whose integers \p integer gives.
static runtime::Tensor
valueOf(ArrayRef<Held> wires,
        function_ref<int64_t(size_t wire, size_t element)> integer) {
  runtime::Shape shape = wires.front().type.shape;
  std::vector<double> product(runtime::elementCount(shape), 1);
  for (auto [index, wire] : llvm::enumerate(wires)) {
    const auto strides = runtime::broadcastStrides(wire.type.shape, shape);
    const auto dense = runtime::denseStrides(shape);
    for (size_t i = 0; i < product.size(); ++i) {
      size_t from = 0, rest = i;
      for (size_t d = 0; d < shape.size(); ++d) {
        from += rest / size_t(dense[d]) * size_t(strides[d]);
        rest %= size_t(dense[d]);
      }
      product[i] *=
          std::ldexp(double(integer(index, from)), -int(wire.type.scale));
    }
  }
  return runtime::makeTensor(shape, std::span<const double>(product));
}

static runtime::Tensor inTheClear(ArrayRef<Held> wires) {
  return valueOf(wires, [&](size_t wire, size_t element) {
    return int64_t(wires[wire].part(0, element));
  });
}

/// Both parties' parts together. Shares say a number modulo the wire's ring
/// only; of all that fit, it is the one nearest to the number in the clear.
static runtime::Tensor together(ArrayRef<Held> p0, ArrayRef<Held> p1,
                                ArrayRef<Held> clear) {
  return valueOf(clear, [&](size_t wire, size_t element) {
    const Held &x0 = p0[wire], &x1 = p1[wire];
    const uint64_t value =
        x0.masked
            ? x0.part(0, element) - x0.part(1, element) - x1.part(1, element)
            : x0.part(0, element) + x1.part(0, element);
    const uint64_t near = clear[wire].part(0, element);
    const unsigned ring = x0.type.ring;
    return int64_t(near) +
           runtime::toSigned((value - near) & runtime::ringMask(ring), ring);
  });
}

static double largestError(const runtime::Tensor &found,
                           const runtime::Tensor &expected) {
  double largest = 0;
  for (size_t i = 0; i < found.size(); ++i)
    if (double error = std::abs(found.at(i) - expected.at(i));
        !(error <= largest))
      largest = error;
  return largest;
}

/// Prints the table; the first layer that is off, if any.
static const Layer *printLayers(const std::map<int64_t, Layer> &layers,
                                raw_ostream &out) {
  const Layer *first = nullptr;
  size_t width = 4;
  for (const auto &[index, layer] : layers)
    width = std::max(width, mpc::sourceName(layer.op->getLoc()).size());
  out << llvm::left_justify("node", width)
      << "  operation     fixed point      shares       bound      values from"
         "          to     allowed          to\n";
  for (const auto &[index, layer] : layers) {
    const double bound = layer.disturbed.bound();
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < layer.plain.size(); ++i) {
      low = std::min(low, layer.plain.at(i));
      high = std::max(high, layer.plain.at(i));
    }
    auto allowed = nn::getRange(layer.op);
    const bool inside =
        !allowed || (low >= allowed->low && high <= allowed->high);
    // Where nothing was disturbed, the bound is the error itself.
    const double largest = std::max(layer.fixedPoint, layer.shares.value_or(0));
    const bool close = largest <= bound * (1 + 1e-6);
    if (!first && !(inside && close))
      first = &layer;
    out << llvm::left_justify(mpc::sourceName(layer.op->getLoc()), width)
        << "  " << llvm::left_justify(layer.op->getName().stripDialect(), 12)
        << llvm::format("%12.3g", layer.fixedPoint);
    if (layer.shares)
      out << llvm::format("%12.3g", *layer.shares);
    else
      out << llvm::right_justify("-", 12);
    out << llvm::format("%12.3g%17.4g%12.4g", bound, low, high);
    if (allowed)
      out << llvm::format("%12.4g%12.4g", allowed->low, allowed->high);
    out << (inside ? close ? "" : "  off" : "  out of range") << '\n';
  }
  return first;
}

LogicalResult Compilation::compareLayers(const RunOptions &run) {
  auto function = *weightTable->getOps<func::FuncOp>().begin();
  auto sample = nn::readSamples(function, run.input);
  if (failed(sample))
    return failure();
  DenseMap<Operation *, int64_t> places;
  for (auto [index, op] :
       llvm::enumerate(function.getBody().front().without_terminator()))
    places[&op] = index;
  std::map<int64_t, Layer> layers;
  if (failed(nn::evaluateFunction(
          function, sample->front().inputs, weights,
          [&](Operation *op, ArrayRef<nn::Tensor>, const nn::Tensor &result) {
            Layer &layer = layers[places.lookup(op)];
            layer.op = op;
            layer.plain = toRuntime(result);
          })))
    return failure();

  OwningOpRef<ModuleOp> probed(weightTable->clone());
  PassManager manager(&context);
  PipelineOptions withProbes = pipeline;
  withProbes.probes = true;
  buildMPCPipeline(manager, withProbes);
  buildRoundsPipeline(manager);
  if (failed(manager.run(*probed)))
    return failure();
  auto interpreter = Interpreter::create(*probed);
  if (failed(interpreter))
    return failure();

  return guarded([&]() -> LogicalResult {
    const StoredWeights source(weights);
    const runtime::TensorMap inputs = toRuntime(sample->front().inputs);
    Watched clear, disturbed, shares[2];
    runtime::runReference(interpreter->program("", watching(clear)), source,
                          inputs);
    Noise noise(0);
    auto watch = watching(disturbed);
    const auto noisy =
        interpreter->program("", [&](Operation *op, runtime::Role &role,
                                     ArrayRef<runtime::Wire> wires) {
          noise(op, role, wires);
          watch(op, role, wires);
        });
    for (unsigned i = 0, runs = errorEffort(*probed, 1).runs; i < runs; ++i) {
      runtime::runReference(noisy, source, inputs);
      for (const auto &[index, held] : disturbed)
        layers[index].disturbed.add(0, inTheClear(held), layers[index].plain);
    }
    const runtime::Program program =
        interpreter->program("", [&](Operation *op, runtime::Role &role,
                                     ArrayRef<runtime::Wire> wires) {
          if (role.party() >= 0)
            watching(shares[role.party()])(op, role, wires);
        });
    // Each owner takes its own inputs.
    runtime::PerOwner<runtime::Inputs> all;
    all.fill({inputs});
    runInProcess(program, run.seed, source, all);
    for (auto layer = layers.begin(); layer != layers.end();) {
      auto found = clear.find(layer->first);
      if (found == clear.end()) { // public, or a weight
        layer = layers.erase(layer);
        continue;
      }
      Layer &row = layer->second;
      row.fixedPoint = largestError(inTheClear(found->second), row.plain);
      row.shares =
          largestError(together(shares[0][layer->first],
                                shares[1][layer->first], found->second),
                       row.plain);
      ++layer;
    }
    const Layer *first = printLayers(layers, llvm::outs());
    if (!first) {
      llvm::outs() << "all " << layers.size()
                   << " layers are within their bounds and ranges\n";
      return success();
    }
    llvm::outs() << "the first layer that is not within its bound or its range "
                    "is '"
                 << mpc::sourceName(first->op->getLoc()) << "' ("
                 << first->op->getName().stripDialect() << ")\n";
    return failure();
  });
}
