//===- MiniProgram.h - a program as the compiler writes them --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// logits = f(x w) * m + b for x of party 1 (4x3), a public mask m (4x1) of
// party 1 and weights w (3x2), b (2) of party 0, with
// f(v) = 1 + cos(2 pi v / 16) + sin(2 pi v / 16) / 2.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_MINIPROGRAM_H
#define SECFORMER_TESTS_RUNTIME_MINIPROGRAM_H

#include "tests/runtime/Temporary.h"

#include "runtime/Npz.h"
#include "runtime/Program.h"

#include <cmath>
#include <cstring>
#include <vector>

namespace secformer::runtime::test {

inline void setup(Role &role) {
  Wire v1 = role.param("w", {{3, 2}, 12, 40}, 0);
  role.beginRound();
  Wire v2 = role.mask(v1);
  role.endRound();
  role.keep(0, v2);
  Wire v3 = role.param("b", {{2}, 12, 40}, 0);
  role.keep(1, role.share(v3));
}

inline void infer(Role &role) {
  static const Univariate f{16,
                            1,
                            1,
                            14,
                            28,
                            int64_t(1) << 34,
                            {20},
                            {int64_t(1) << 28},
                            {int64_t(1) << 27}};
  role.at("/x");
  Wire v1 = role.kept(0);
  Wire v2 = role.input("x", {{4, 3}, 12, 40}, 1);
  role.beginRound();
  Wire v3 = role.mask(v2);
  Wire v4 = role.publicInput("m", {4, 1}, 1);
  role.endRound();
  role.at("/MatMul");
  Wire v5 = role.matmul(v3, v1, {{4, 2}, 24, 40});
  role.free(v3);
  role.free(v1);
  Wire v6 = role.narrow(v5, {{4, 2}, 12, 16});
  role.at("/f");
  role.beginRound();
  Wire v7 = role.open(v6);
  role.endRound();
  Wire v8 = role.univariate(v7, f, {{4, 2}, 34, 44});
  role.beginRound();
  Wire v9 = role.truncate(v8, {{4, 2}, 12, 40});
  role.endRound();
  Wire v10 = role.mulPublic(v9, v4, 0);
  Wire v11 = role.add(v10, role.kept(1));
  role.beginRound();
  Wire v12 = role.reveal(v11, 1);
  role.endRound();
  role.output("logits", v12);
}

inline const std::string miniHash(64, 'a');

inline Program miniProgram(const char *hash = miniHash.c_str()) {
  return {hash, setup, infer};
}

inline const std::vector<float> miniW = {0.5F, -1, 0.25F, 2, -0.75F, 0.125F};
inline const std::vector<float> miniB = {10, -20};
inline const std::vector<float> miniX = {1,  2, 3,    -1, 0.5F, -0.5F,
                                         -2, 1, 1.5F, 0,  3,    -1};
inline const std::vector<float> miniM = {1, 0, 1, 1};

/// What the program computes, in float64.
inline std::vector<double> miniExpected() {
  std::vector<double> result;
  for (size_t i = 0; i < 4; ++i)
    for (size_t j = 0; j < 2; ++j) {
      double v = 0;
      for (size_t l = 0; l < 3; ++l)
        v += double(miniX[i * 3 + l]) * double(miniW[l * 2 + j]);
      double angle = 2 * std::acos(-1.0) * v / 16;
      result.push_back((1 + std::cos(angle) + std::sin(angle) / 2) *
                           double(miniM[i]) +
                       double(miniB[j]));
    }
  return result;
}

inline TensorMap miniInputs() {
  return {{"x", makeTensor({4, 3}, std::span<const float>(miniX))},
          {"m", makeTensor({4, 1}, std::span<const float>(miniM))}};
}

inline Counters miniSetupCost() { return {1, 30, 0, 0, 0}; }
inline Counters miniInferenceCost() {
  // x 12 words of 40 bits and m 4 of 64 to P0; 8 words of 16 bits and 8 bits
  // each way; the result, 8 words of 40 bits, to P1. The dealer: 8 words of 40
  // bits, 16 of 44, and 8 of 40 - (44 - 22) bits.
  return {4, 16 + 1 + 40, 60 + 32 + 16 + 1, 0, 40 + 88 + 18};
}

inline std::string miniManifest(uint64_t rounds = 4) {
  auto cost = [](const Counters &c) {
    return "{\"rounds\": " + std::to_string(c.rounds) +
           ", \"bytes_p0_to_p1\": " + std::to_string(c.bytesP0ToP1) +
           ", \"bytes_p1_to_p0\": " + std::to_string(c.bytesP1ToP0) +
           ", \"bytes_dealer_to_p0\": 0, \"bytes_dealer_to_p1\": " +
           std::to_string(c.bytesDealerToP1) + "}";
  };
  Counters inference = miniInferenceCost();
  inference.rounds = rounds;
  return R"({"format": 1, "name": "mini", "hash": ")" + miniHash + R"(",
    "inputs": [
      {"name": "x", "shape": [4, 3], "dtype": "float32", "owner": 1,
       "range": [-8, 8]},
      {"name": "m", "shape": [4, 1], "dtype": "float32", "owner": 1,
       "public": true}],
    "outputs": [{"name": "logits", "shape": [4, 2], "owner": 1}],
    "weights": [{"name": "w", "offset": 0, "shape": [3, 2]},
                {"name": "b", "offset": 24, "shape": [2]}],
    "cost": {"setup": )" +
         cost(miniSetupCost()) + ", \"inference\": " + cost(inference) + "}}";
}

/// The program's directory: manifest, weights and inputs.
struct MiniDirectory : TemporaryDirectory {
  MiniDirectory() {
    file("manifest.json", miniManifest());
    std::string weights(32, '\0');
    std::memcpy(weights.data(), miniW.data(), 24);
    std::memcpy(weights.data() + 24, miniB.data(), 8);
    file("weights.bin", weights);
    writeNpz(*this / "x.npz", miniInputs());
  }
};

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_MINIPROGRAM_H
