//===- Shares.h - files of shares -----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// What client and provider give the parties, and what the parties give the
// client back, stands in files: one for each party. A file is worth nothing
// without the other party's.
//
//   head, 120 bytes: "SFSHARES", version (4), the program's hash (64), kind
//   (1), party (1), stacked (1), 0 (1), id of the sharing (16), number of
//   samples (8), key (16: party 0's of what an owner shares, else zeros)
//   then per sample the public inputs and packed words of that party, in the
//   order of the program (results: of the manifest).
//
// Numbers are little-endian; how many bytes a sample has is in the manifest.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_SHARES_H
#define SECFORMER_RUNTIME_SHARES_H

#include "runtime/Manifest.h"
#include "runtime/Prg.h"

#include <array>

namespace secformer::runtime {

enum class ShareKind : uint8_t { Weights = 1, Inputs = 2, Results = 3 };

/// Which sharing two files are halves of; drawn for each.
using ShareId = Key;

/// One party's half of a sharing.
struct Shares {
  ShareKind kind = ShareKind::Inputs;
  int party = 0;
  /// The samples came with an axis of their own (Samples.h).
  bool stacked = false;
  ShareId id{};
  Key key{};
  /// Of each inference; weights are one.
  std::vector<std::vector<std::byte>> samples;
};

/// Bytes of a file before the samples, and of one sample.
constexpr size_t shareHeadBytes = 120;
size_t sampleBytes(const Manifest &manifest, ShareKind kind, int party);

/// Does the file begin like one of shares?
bool isShareFile(const std::string &path);

/// Reads a party's half; throws Error if the file is not such a half of this
/// program. A file that is not as long as its head says is not read.
Shares readShares(const std::string &path, const Manifest &manifest,
                  ShareKind kind, int party);

/// Writes files that only their owner can read; all appear complete, or none.
void writeShares(
    const Manifest &manifest,
    const std::vector<std::pair<std::string, const Shares *>> &files);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_SHARES_H
