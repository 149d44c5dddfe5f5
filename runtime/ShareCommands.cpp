//===- ShareCommands.cpp - what owners outside of the parties do ----------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Command.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/Results.h"

#include <filesystem>
#include <iostream>

namespace secformer::runtime {

void Command::share() const {
  const int owner = options.shareWeights ? provider : client;
  if (options.shareWeights && manifest.weightsOwner != provider)
    throw Error("the weights belong to party 0, which has weights.bin: to "
                "share them, compile with --weights-of=provider");
  if (!options.shareWeights && !owns(client))
    throw Error("no input belongs to the client: the parties give theirs with "
                "--input; to share them, compile with --inputs-of=client");
  if (options.shareWeights && !options.inputs.empty())
    throw Error("share takes --input or --weights, not both");
  warnOfSeed();
  checkWritable(options.output);
  const Samples samples =
      options.shareWeights ? Samples{{}, false} : samplesOf(client);
  const auto source = weights(options.shareWeights);
  std::array<Shares, 2> halves = shareOf(program, owner, key(uint8_t(owner)),
                                         *source, inputsOf(samples, client));
  std::vector<std::pair<std::string, const Shares *>> files;
  for (Shares &half : halves) {
    half.stacked = samples.stacked;
    files.emplace_back(options.output + ".party" + std::to_string(half.party),
                       &half);
  }
  writeShares(manifest, files);
  for (const auto &[file, half] : files)
    std::cout << "wrote " << file << ": " << std::filesystem::file_size(file)
              << " bytes, for party " << half->party << " alone\n";
}

void Command::open() const {
  if (!resultsToClient())
    throw Error("the results go to " + ownerName(manifest.outputs[0].owner) +
                ", which writes them with --output: to open them elsewhere, "
                "compile with --results-to=client");
  if (!options.output.empty())
    checkWritable(options.output);
  const std::array<Shares, 2> halves = {
      readShares(options.resultShares[0], manifest, ShareKind::Results, 0),
      readShares(options.resultShares[1], manifest, ShareKind::Results, 1)};
  SessionResult result;
  result.stacked = halves[0].stacked;
  for (TensorMap &outputs : openResults(manifest, halves))
    result.inferences.emplace_back().outputs = std::move(outputs);
  report("private", result);
}

std::optional<Shares> Command::givenShares(ShareKind kind) const {
  const bool ofWeights = kind == ShareKind::Weights;
  const bool needed =
      ofWeights ? manifest.weightsOwner == provider : owns(client);
  std::string file =
      ofWeights ? options.weightShares : inputFile(/*ofShares=*/true);
  // What can only be meant for shares is read, to say what is wrong with it.
  if (!ofWeights && needed && file.empty() && !options.inputs.empty() &&
      !owns(options.party))
    file = options.inputs.front();
  const std::string what = ofWeights ? "weights" : "inputs";
  if (!needed && !file.empty())
    throw Error(file + ": nobody shares the " + what +
                " of this program: leave it out, or compile with " +
                (ofWeights ? "--weights-of=provider" : "--inputs-of=client"));
  if (needed && file.empty())
    throw Error((ofWeights ? "the weights belong to the provider"
                           : "the client owns inputs of the program") +
                std::string(": give this party's shares of them with --") +
                (ofWeights ? "weights" : "input") +
                " (program share makes them)");
  if (!needed)
    return std::nullopt;
  Shares shares = readShares(file, manifest, kind, options.party);
  if (!ofWeights && options.inferences &&
      options.inferences != shares.samples.size())
    throw Error(file + " holds " + std::to_string(shares.samples.size()) +
                " samples, --inferences says " +
                std::to_string(options.inferences));
  return shares;
}

ShareId Command::agreeOnSharings(Channel &peer,
                                 const std::optional<Shares> &weights,
                                 const std::optional<Shares> &inputs) const {
  if (!weights && !inputs && !resultsToClient())
    return {};
  std::array<ShareId, 3> mine = {weights ? weights->id : ShareId(),
                                 inputs ? inputs->id : ShareId(), freshKey()};
  std::array<ShareId, 3> theirs;
  peer.exchange(std::as_bytes(std::span(mine)),
                std::as_writable_bytes(std::span(theirs)));
  for (size_t i : {0, 1})
    if (mine[i] != theirs[i])
      throw Error("the parties' shares of the " +
                  std::string(i == 0 ? "weights" : "inputs") +
                  " are of different sharings: give both the files that one "
                  "call of program share made");
  for (size_t i = 0; i < mine[2].size(); ++i)
    mine[2][i] ^= theirs[2][i];
  return mine[2];
}

void Command::writeResultShares(const SessionResult &result,
                                const ShareId &id) const {
  if (!resultsToClient())
    return;
  Shares half;
  half.kind = ShareKind::Results;
  half.party = options.party;
  half.stacked = result.stacked;
  half.id = id;
  for (const PhaseResult &inference : result.inferences)
    half.samples.push_back(packResults(manifest, inference.outputShares));
  writeShares(manifest, {{options.output, &half}});
}

} // namespace secformer::runtime
