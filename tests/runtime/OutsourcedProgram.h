//===- OutsourcedProgram.h - a program of a client and a provider ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// y = (x w) * m + b for x (4x3) and a public mask m (4x1) of the client, w
// (3x2) and b (2) of the provider; y goes to the client.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_OUTSOURCEDPROGRAM_H
#define SECFORMER_TESTS_RUNTIME_OUTSOURCEDPROGRAM_H

#include "tests/runtime/MiniProgram.h"

namespace secformer::runtime::test {

inline void outsourcedSetup(Role &role) {
  Wire w = role.share(role.param("w", {{3, 2}, 12, 40}, provider));
  role.beginRound();
  Wire opened = role.open(w);
  role.endRound();
  role.keep(0, opened);
  role.keep(1, role.share(role.param("b", {{2}, 24, 40}, provider)));
}

inline void outsourcedInfer(Role &role) {
  Wire x = role.share(role.input("x", {{4, 3}, 12, 40}, client));
  Wire m = role.publicInput("m", {4, 1}, client);
  role.beginRound();
  Wire opened = role.open(x);
  role.endRound();
  Wire product = role.matmul(opened, role.kept(0), {{4, 2}, 24, 40});
  Wire y = role.add(role.mulPublic(product, m, 0), role.kept(1));
  role.output("y", role.reveal(y, client));
}

inline Program outsourcedProgram(const char *hash = miniHash.c_str()) {
  return {hash, outsourcedSetup, outsourcedInfer, /*hasOutsider=*/true};
}

inline std::vector<double> outsourcedExpected() {
  std::vector<double> result;
  for (size_t i = 0; i < 4; ++i)
    for (size_t j = 0; j < 2; ++j) {
      double sum = 0;
      for (size_t k = 0; k < 3; ++k)
        sum += double(miniX[i * 3 + k]) * double(miniW[k * 2 + j]);
      result.push_back(sum * double(miniM[i]) + double(miniB[j]));
    }
  return result;
}

/// Weights: 6 and 2 words of 40 bits. Inputs: m in the clear for both, 12 words
/// for party 1. Results: 8 words of each.
inline const std::string outsourcedManifest =
    R"({"format": 1, "name": "outsourced", "hash": ")" + miniHash + R"(",
    "inputs": [
      {"name": "x", "shape": [4, 3], "dtype": "float32", "owner": 2,
       "range": [-8, 8]},
      {"name": "m", "shape": [4, 1], "dtype": "float32", "owner": 2,
       "public": true}],
    "outputs": [{"name": "y", "shape": [4, 2], "owner": 2, "scale": 24,
                 "ring": 40}],
    "weights_owner": 3,
    "weights": [{"name": "w", "offset": 0, "shape": [3, 2]},
                {"name": "b", "offset": 24, "shape": [2]}],
    "cost": {
      "setup": {"rounds": 1, "bytes_p0_to_p1": 30, "bytes_p1_to_p0": 30,
        "bytes_dealer_to_p0": 0, "bytes_dealer_to_p1": 0,
        "bytes_outside_to_p0": 0, "bytes_outside_to_p1": 40,
        "bytes_to_outside": 0},
      "inference": {"rounds": 1, "bytes_p0_to_p1": 60, "bytes_p1_to_p0": 60,
        "bytes_dealer_to_p0": 0, "bytes_dealer_to_p1": 40,
        "bytes_outside_to_p0": 32, "bytes_outside_to_p1": 92,
        "bytes_to_outside": 40}}})";

struct OutsourcedDirectory : MiniDirectory {
  OutsourcedDirectory() { file("manifest.json", outsourcedManifest); }
};

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_OUTSOURCEDPROGRAM_H
