//===- Command.h - what the commands of a program share -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_COMMAND_H
#define SECFORMER_RUNTIME_COMMAND_H

#include "runtime/Handshake.h"
#include "runtime/Report.h"
#include "runtime/Samples.h"

namespace secformer::runtime {

/// What the command line says; empty where it says nothing.
struct Options {
  std::string directory;
  std::vector<std::string> inputs; ///< arrays or a file of shares
  std::string output, reference;
  std::string config;
  std::string seed;
  std::string shape;        ///< of the links of a run in one process
  std::string weightShares; ///< of the provider, for a party
  std::vector<std::string> resultShares; ///< of both parties, to open
  bool shareWeights = false;
  int party = 0;
  size_t inferences = 0;     ///< 0: not given
  double timeoutSeconds = 0; ///< 0: not given
  bool stats = false;
  size_t threads = 1;
  RunOptions how;
  std::string profile; ///< where the timeline goes
};

/// One run of a program: its options, its manifest, and a command per role.
class Command {
public:
  Command(const Program &program, const Options &options);

  void info() const;
  void runInProcess() const;
  void runOneParty() const;
  void runOneDealer() const;
  void runInTheClear() const;
  /// Client or provider, before and after the parties run.
  void share() const;
  void open() const;

private:
  std::unique_ptr<WeightSource> weights(bool withSecret) const;
  /// The file of \p options.inputs that is one of shares, or that is not; ""
  /// without one.
  std::string inputFile(bool ofShares) const;
  /// What --input holds for an owner (-1: for all); none needed, none read.
  Samples samplesOf(int owner) const;
  /// The inputs of an owner (-1: of all), one map per inference.
  Inputs inputsOf(const Samples &samples, int owner) const;
  size_t inferences() const { return std::max<size_t>(options.inferences, 1); }
  /// Refuses an --output that could not be written, before anything runs; an
  /// owner (-1: all) writes what it gets.
  void checkOutput(int owner) const;
  static void checkWritable(const std::string &file);
  bool owns(int owner) const; ///< an input of the program
  bool resultsToClient() const;
  Timeout timeout(std::optional<Timeout> configured = {}) const;
  /// Of a party, or of an owner's sharing.
  Key key(uint8_t owner) const;
  void warnOfSeed() const;
  Identity identity(RoleId role) const { return {role, program.hash}; }
  /// Writes and prints what a run gave.
  void finish(View view, SessionResult result, bool stacked) const;
  /// The same of outputs alone.
  void report(const char *title, const SessionResult &result) const;
  /// The file with this party's half of what an outside owner shared, nothing
  /// if it owns nothing.
  std::optional<Shares> givenShares(ShareKind kind) const;
  /// Both parties hold halves of the same sharings, or both stop; the id of the
  /// results that they will make.
  ShareId agreeOnSharings(Channel &peer, const std::optional<Shares> &weights,
                          const std::optional<Shares> &inputs) const;
  /// Writes this party's half of the results, if they are the client's.
  void writeResultShares(const SessionResult &result, const ShareId &id) const;

  const Program &program;
  const Options &options;
  const std::string directory;
  const Manifest manifest;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_COMMAND_H
