//===- kernels.cpp - speed of the kernels on ring words -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Rates are per second of processor time; docs/benchmarks.md says how to read
// them.
//
//===----------------------------------------------------------------------===//

#include "runtime/Kernels.h"
#include "runtime/Pack.h"
#include "runtime/Prg.h"
#include "runtime/Ring.h"
#include "runtime/Threads.h"

#include "tests/Random.h"
#include "tests/bench/FloatRate.h"

#include <benchmark/benchmark.h>
#include <vector>

namespace secformer::runtime {
namespace {

using benchmark::Counter;
using benchmark::State;

Array randomWords(size_t n, unsigned ring) {
  auto random = seeded(n);
  Array words(n);
  for (uint64_t &word : words.words())
    word = random() & ringMask(ring);
  return words;
}

/// Sums over all rounds, as a rate.
Counter perSecond(const State &state, double each) {
  return {each * double(state.iterations()), Counter::kIsRate};
}

/// Words of 8 bytes that a kernel reads and writes.
void countTraffic(State &state, size_t words) {
  state.counters["bytes/s"] = perSecond(state, double(words) * 8);
}

//===-- Products ----------------------------------------------------------===//

struct Sizes {
  size_t batch, rows, depth, columns;
};
constexpr Sizes shapes[] = {
    {1, 128, 768, 3072}, {1, 128, 768, 768}, {12, 128, 64, 128},
    {12, 128, 128, 64},  {1, 1, 768, 3072},  {1, 4, 768, 3072},
};

void product(State &state, Sizes s, unsigned ring) {
  const Shape a{int64_t(s.batch), int64_t(s.rows), int64_t(s.depth)};
  const Shape b{int64_t(s.batch), int64_t(s.depth), int64_t(s.columns)};
  const MatmulPlan plan = planMatmul(a, b);
  const Array A = randomWords(elementCount(a), ring);
  const Array B = randomWords(elementCount(b), ring);
  Array C = randomWords(elementCount(plan.result), ring);
  const auto reference = floatRate(s.rows, s.columns, s.depth);
  const double start = processorSeconds();
  for (auto _ : state) {
    kernels::matmulInto(C, A, B, plan, ring, Sign::Plus);
    benchmark::ClobberMemory();
  }
  const double seconds = processorSeconds() - start;
  const double each = double(s.batch * s.rows * s.columns * s.depth);
  state.counters["madd/s"] = perSecond(state, each);
  if (reference)
    state.counters["of_float"] =
        each * double(state.iterations()) / seconds / *reference;
  countTraffic(state, A.size() + B.size() + 2 * C.size());
}

/// The same where B is float32 weights that are encoded on the way.
void weightProduct(State &state, Sizes s, unsigned ring) {
  auto random = seeded(1);
  std::normal_distribution<float> normal;
  std::vector<float> B(s.depth * s.columns);
  for (float &weight : B)
    weight = normal(random);
  const Array A = randomWords(s.rows * s.depth, ring);
  Array C = randomWords(s.rows * s.columns, ring);
  const MatrixProduct product{C.data(), Matrix::words(A.data(), s.depth),
                              Matrix::encoded(B.data(), 12, s.columns)};
  const auto reference = floatRate(s.rows, s.columns, s.depth);
  const double start = processorSeconds();
  for (auto _ : state) {
    gemm({&product, 1}, s.rows, s.columns, s.depth, ring, Sign::Plus);
    benchmark::ClobberMemory();
  }
  const double seconds = processorSeconds() - start;
  const double each = double(s.rows * s.columns * s.depth);
  state.counters["madd/s"] = perSecond(state, each);
  if (reference)
    state.counters["of_float"] =
        each * double(state.iterations()) / seconds / *reference;
  countTraffic(state, A.size() + B.size() / 2 + 2 * C.size());
}

/// Wall time with several threads, one of \p s at a time.
void threadedProduct(State &state, Sizes s, size_t count) {
  setThreads(count);
  product(state, s, 48);
  state.counters.erase("of_float"); // of one thread's time
  setThreads(1);
}

//===-- Words as bytes ----------------------------------------------------===//

constexpr size_t many = size_t(1) << 18;

void packing(State &state, unsigned bits) {
  const Array words = randomWords(many, bits);
  std::vector<std::byte> bytes(packedBytes(many, bits));
  for (auto _ : state) {
    pack(words.words(), bits, bytes);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, many + bytes.size() / 8);
}

void unpacking(State &state, unsigned bits) {
  Array words = randomWords(many, bits);
  std::vector<std::byte> bytes(packedBytes(many, bits));
  pack(words.words(), bits, bytes);
  for (auto _ : state) {
    unpack(bytes, bits, words.words());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, many + bytes.size() / 8);
}

void drawing(State &state, unsigned bits) {
  const Prg prg(testKey("benchmark", 0));
  Array words(many);
  for (auto _ : state) {
    prg.draw(words.words(), bits, {Purpose::Mask, 1, 1});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, many);
}

//===-- Element by element ------------------------------------------------===//

void adding(State &state) {
  const Array a = randomWords(many, 48), b = randomWords(many, 48);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        kernels::binary(kernels::Binary::Add, a, b, 48).data());
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, 3 * many);
}

void multiplying(State &state) {
  const Array a = randomWords(many, 48), b = randomWords(many, 48);
  Array c = randomWords(many, 48);
  const Shape shape{int64_t(many)};
  for (auto _ : state) {
    kernels::multiplyInto(c, a, shape, b, shape, shape, 48, Sign::Minus);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, 4 * many);
}

void shifting(State &state) {
  const Array a = randomWords(many, 48);
  for (auto _ : state)
    benchmark::DoNotOptimize(kernels::shiftRight(a, 12, 36).data());
  state.SetItemsProcessed(int64_t(state.iterations() * many));
  countTraffic(state, 2 * many);
}

const bool registered = [] {
  using benchmark::RegisterBenchmark;
  auto text = [](size_t n) { return std::to_string(n); };
  for (Sizes s : shapes) {
    std::string name;
    for (size_t extent : {s.batch, s.rows, s.depth, s.columns})
      name.append(name.empty() ? "/" : "x").append(text(extent));
    for (unsigned ring : {31U, 48U, 64U})
      RegisterBenchmark(("gemm" + name + "/ring:" + text(ring)).c_str(),
                        [=](State &state) { product(state, s, ring); });
    if (s.batch == 1)
      RegisterBenchmark(("gemm_weights" + name + "/ring:48").c_str(),
                        [=](State &state) { weightProduct(state, s, 48); });
    for (size_t count : {1, 2, 4, 8})
      RegisterBenchmark(
          ("gemm_threads" + name + "/threads:" + text(count)).c_str(),
          [=](State &state) { threadedProduct(state, s, count); })
          ->UseRealTime();
  }
  for (unsigned bits : {17U, 30U, 42U}) {
    const std::string end = std::string("/bits:").append(text(bits));
    RegisterBenchmark(("pack" + end).c_str(),
                      [=](State &state) { packing(state, bits); });
    RegisterBenchmark(("unpack" + end).c_str(),
                      [=](State &state) { unpacking(state, bits); });
    RegisterBenchmark(("prg" + end).c_str(),
                      [=](State &state) { drawing(state, bits); });
  }
  RegisterBenchmark("add", adding);
  RegisterBenchmark("multiply", multiplying);
  RegisterBenchmark("shift", shifting);
  return true;
}();

} // namespace
} // namespace secformer::runtime
