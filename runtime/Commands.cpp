//===- Commands.cpp - the commands of a program ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Command.h"
#include "runtime/Config.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/TcpChannel.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace secformer::runtime {
namespace {

constexpr Timeout defaultTimeout(30'000);

std::string ownDirectory() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "." : self.parent_path().string();
}

} // namespace

Command::Command(const Program &program, const Options &options)
    : program(program), options(options),
      directory(options.directory.empty() ? ownDirectory() : options.directory),
      manifest(readManifest(directory + "/manifest.json")) {
  if (manifest.hash != program.hash)
    throw Error("this program is not the one of " + directory +
                "/manifest.json: " + std::string(program.hash).substr(0, 12) +
                " and " + manifest.hash.substr(0, 12) + ": compile again");
}

void Command::info() const { printInfo(std::cout, manifest); }

//===-- Pieces ------------------------------------------------------------===//

std::unique_ptr<WeightSource> Command::weights(bool withSecret) const {
  return openWeights(directory, manifest, withSecret);
}

std::string Command::inputFile(bool ofShares) const {
  std::string found;
  for (const std::string &file : options.inputs) {
    if (isShareFile(file) != ofShares)
      continue;
    if (!found.empty())
      throw Error("--input is given twice for " +
                  std::string(ofShares ? "shares" : "arrays") + ": " + found +
                  " and " + file);
    found = file;
  }
  return found;
}

bool Command::owns(int owner) const {
  return std::any_of(
      manifest.inputs.begin(), manifest.inputs.end(),
      [&](const InputSpec &spec) { return spec.owner == owner; });
}

bool Command::resultsToClient() const {
  return std::any_of(
      manifest.outputs.begin(), manifest.outputs.end(),
      [](const OutputSpec &spec) { return spec.owner == client; });
}

Samples Command::samplesOf(int owner) const {
  std::map<std::string, Shape> shapes;
  for (const InputSpec &spec : manifest.inputs)
    if (owner < 0 || spec.owner == owner)
      shapes[spec.name] = spec.shape;
  if (shapes.empty())
    return {std::vector<TensorMap>(inferences()), options.inferences > 0};
  const std::string file = inputFile(/*ofShares=*/false);
  if (file.empty())
    throw Error((owner < 0 ? "the program has inputs"
                           : ownerName(owner) + " owns inputs of the program") +
                std::string(": give them with --input"));
  Samples samples = splitSamples(readNpz(file), shapes, file);
  if (options.inferences && options.inferences != samples.each.size())
    throw Error(file + " holds " + std::to_string(samples.each.size()) +
                " samples, --inferences says " +
                std::to_string(options.inferences));
  return samples;
}

Inputs Command::inputsOf(const Samples &samples, int owner) const {
  Inputs inputs;
  for (size_t i = 0; i < samples.each.size(); ++i)
    inputs.push_back(
        selectInputs(manifest, samples.each[i], owner,
                     sampleName(inputFile(/*ofShares=*/false), samples, i)));
  return inputs;
}

void Command::checkOutput(int owner) const {
  if (!options.profile.empty())
    checkWritable(options.profile);
  if (options.output.empty() && owner >= 0 && resultsToClient())
    throw Error("the results belong to the client: say where this party's "
                "shares of them go with --output");
  if (options.output.empty())
    return;
  if (std::none_of(manifest.outputs.begin(), manifest.outputs.end(),
                   [&](const OutputSpec &s) {
                     return owner < 0 || s.owner == owner || s.owner == client;
                   }))
    throw Error("party " + std::to_string(owner) +
                " gets no output of the program: leave --output out");
  checkWritable(options.output);
}

void Command::checkWritable(const std::string &file) {
  auto folder = std::filesystem::path(file).parent_path();
  if (folder.empty())
    folder = ".";
  if (!std::filesystem::is_directory(folder) ||
      access(folder.c_str(), W_OK) != 0)
    throw Error("cannot write '" + file + "': '" + folder.string() +
                "' is no folder to write to");
}

Timeout Command::timeout(std::optional<Timeout> configured) const {
  if (options.timeoutSeconds > 0)
    return Timeout(static_cast<int64_t>(options.timeoutSeconds * 1000));
  return configured.value_or(defaultTimeout);
}

Key Command::key(uint8_t owner) const {
  if (options.seed.empty())
    return freshKey();
  return testKey(options.seed, owner);
}

void Command::warnOfSeed() const {
  if (!options.seed.empty())
    std::cerr << "warning: --insecure-test-seed: the randomness is known to "
                 "whoever knows the seed; nothing is secret\n";
}

void Command::finish(View view, SessionResult result, bool stacked) const {
  result.stacked = stacked;
  if (!options.profile.empty()) {
    for (size_t party : {0, 1})
      if (const Profile &profile = result.profiles[party];
          !profile.slices().empty()) {
        std::cerr << "party " << party << "\n";
        printProfile(std::cerr, profile);
      }
    writeTrace(options.profile, result.profiles);
  }
  const bool opened = view == View::All || !resultsToClient();
  if (!options.output.empty() && view != View::Dealer && opened)
    writeNpz(options.output, summary(result).outputs);
  TensorMap reference;
  if (!options.reference.empty())
    reference = readNpz(options.reference);
  (options.stats ? printStats : printReport)(
      std::cout, manifest, view, result,
      options.reference.empty() ? nullptr : &reference);
  checkCost(manifest, view, result);
}

void Command::report(const char *title, const SessionResult &result) const {
  const TensorMap outputs = summary(result).outputs;
  if (!options.output.empty())
    writeNpz(options.output, outputs);
  TensorMap expected;
  if (!options.reference.empty())
    expected = readNpz(options.reference);
  printOutputs(std::cout, title, outputs,
               options.reference.empty() ? nullptr : &expected);
}

//===-- Commands ----------------------------------------------------------===//

void Command::runInProcess() const {
  std::cerr << "note: all roles run in this process, which knows the dealer's "
               "randomness: for testing only\n";
  warnOfSeed();
  checkOutput(-1);
  const Samples samples = samplesOf(-1);
  PerOwner<Inputs> inputs;
  PerOwner<Key> keys;
  for (int owner = 0; owner < ownerCount; ++owner) {
    inputs[owner] = inputsOf(samples, owner);
    keys[owner] = key(uint8_t(owner));
  }
  const auto all = weights(true), open = weights(false);
  PerOwner<const WeightSource *> sources;
  sources.fill(open.get());
  sources[manifest.weightsOwner] = all.get();
  finish(View::All,
         runAll(program, keys, sources, inputs, timeout(), options.how),
         samples.stacked);
}

void Command::runOneParty() const {
  const Config config = readConfig(options.config);
  const Timeout wait = timeout(config.timeout);
  const bool first = options.party == 0;
  const Identity self = identity(first ? RoleId::Party0 : RoleId::Party1);
  checkOutput(options.party);
  const auto weightShares = givenShares(ShareKind::Weights),
             inputShares = givenShares(ShareKind::Inputs);
  const Samples samples = samplesOf(options.party);
  Inputs inputs = inputsOf(samples, options.party);
  bool stacked = samples.stacked;
  if (inputShares && owns(options.party)) {
    if (inputs.size() != inputShares->samples.size())
      throw Error(inputFile(true) + " holds " +
                  std::to_string(inputShares->samples.size()) + " samples, " +
                  inputFile(false) + " " + std::to_string(inputs.size()));
  } else if (inputShares) {
    inputs.assign(inputShares->samples.size(), {});
    stacked = inputShares->stacked;
  }
  const auto ownWeights = weights(options.party == manifest.weightsOwner);

  auto dealer = connectTo(config.dealer.address, self, RoleId::Dealer, wait);
  Key received;
  dealer->receive(received);
  const Prg prg(received);
  std::unique_ptr<Channel> peer =
      first ? std::move(
                  acceptFrom(config.party0.listen, self, {RoleId::Party1}, wait)
                      .front())
            : connectTo(config.party0.address, self, RoleId::Party0, wait);
  const ShareId id = agreeOnSharings(*peer, weightShares, inputShares);
  SessionResult result =
      runParty(program, options.party, *peer, first ? nullptr : dealer.get(),
               prg, ownWeights.get(), inputs,
               {weightShares ? &*weightShares : nullptr,
                inputShares ? &*inputShares : nullptr},
               options.how);
  result.stacked = stacked;
  writeResultShares(result, id);
  finish(first ? View::Party0 : View::Party1, std::move(result), stacked);
}

void Command::runOneDealer() const {
  warnOfSeed();
  const Config config = readConfig(options.config);
  auto parties =
      acceptFrom(config.dealer.listen, identity(RoleId::Dealer),
                 {RoleId::Party0, RoleId::Party1}, timeout(config.timeout));
  const Key key0 = key(0), key1 = key(1);
  parties[0]->send(key0);
  parties[1]->send(key1);
  const Prg prg0(key0), prg1(key1);
  finish(View::Dealer,
         runDealer(program, prg0, prg1, *parties[1], inferences()), false);
}

void Command::runInTheClear() const {
  const auto source = weights(true);
  const Samples samples = samplesOf(-1);
  const Inputs inputs = inputsOf(samples, -1);
  checkOutput(-1);
  SessionResult result;
  result.stacked = samples.stacked;
  for (size_t i = 0; i < inputs.size(); ++i) {
    RangeReport ranges;
    result.inferences.emplace_back().outputs =
        runReference(program, *source, inputs[i], &ranges);
    for (const RangeViolation &violation : ranges.violations)
      std::cerr << "warning: "
                << (samples.stacked ? "sample " + std::to_string(i) + ": " : "")
                << toString(violation) << ": the parties' result is wrong\n";
  }
  report("fixed-point", result);
}

} // namespace secformer::runtime
