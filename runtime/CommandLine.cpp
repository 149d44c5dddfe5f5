//===- CommandLine.cpp - the command line of a program --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Config.h"
#include "runtime/Error.h"
#include "runtime/Npz.h"
#include "runtime/Report.h"
#include "runtime/Samples.h"
#include "runtime/TcpChannel.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace secformer::runtime {
namespace {

struct Options {
  std::string directory;
  std::string input, output, reference;
  std::string config;
  std::string seed;
  int party = 0;
  size_t inferences = 0;     // 0: not given
  double timeoutSeconds = 0; // 0: not given
  bool stats = false;
};

constexpr Timeout defaultTimeout(30'000);

std::string ownDirectory() {
  std::error_code error;
  auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "." : self.parent_path().string();
}

/// One run of a program: its options, its manifest, and a command per role.
class Command {
public:
  Command(const Program &program, const Options &options)
      : program(program), options(options),
        directory(options.directory.empty() ? ownDirectory()
                                            : options.directory),
        manifest(readManifest(directory + "/manifest.json")) {
    if (manifest.hash != program.hash)
      throw Error("this program is not the one of " + directory +
                  "/manifest.json: " + std::string(program.hash).substr(0, 12) +
                  " and " + manifest.hash.substr(0, 12) + ": compile again");
  }

  void info() const { printInfo(std::cout, manifest); }
  void runInProcess() const;
  void runOneParty() const;
  void runOneDealer() const;
  void runInTheClear() const;

private:
  std::unique_ptr<WeightSource> weights(bool withSecret) const {
    return openWeights(directory, manifest, withSecret);
  }
  /// What --input holds for a party (-1: for both); none needed, none read.
  Samples samplesOf(int owner) const {
    std::map<std::string, Shape> shapes;
    for (const InputSpec &spec : manifest.inputs)
      if (owner < 0 || spec.owner == owner)
        shapes[spec.name] = spec.shape;
    if (shapes.empty())
      return {std::vector<TensorMap>(inferences()), options.inferences > 0};
    if (options.input.empty())
      throw Error((owner < 0 ? "the program has inputs"
                             : "party " + std::to_string(owner) +
                                   " owns inputs of the program") +
                  std::string(": give them with --input"));
    Samples samples =
        splitSamples(readNpz(options.input), shapes, options.input);
    if (options.inferences && options.inferences != samples.each.size())
      throw Error(
          options.input + " holds " + std::to_string(samples.each.size()) +
          " samples, --inferences says " + std::to_string(options.inferences));
    return samples;
  }
  /// The inputs of a party (-1: of both), one map per inference.
  Inputs inputsOf(const Samples &samples, int owner) const {
    Inputs inputs;
    for (size_t i = 0; i < samples.each.size(); ++i)
      inputs.push_back(selectInputs(manifest, samples.each[i], owner,
                                    sampleName(options.input, samples, i)));
    return inputs;
  }
  size_t inferences() const { return std::max<size_t>(options.inferences, 1); }
  /// Refuses an --output that could not be written, before anything runs.
  void checkOutput(int owner) const {
    if (options.output.empty())
      return;
    if (std::none_of(
            manifest.outputs.begin(), manifest.outputs.end(),
            [&](const OutputSpec &s) { return owner < 0 || s.owner == owner; }))
      throw Error("party " + std::to_string(owner) +
                  " gets no output of the program: leave --output out");
    auto folder = std::filesystem::path(options.output).parent_path();
    if (folder.empty())
      folder = ".";
    if (!std::filesystem::is_directory(folder) ||
        access(folder.c_str(), W_OK) != 0)
      throw Error("cannot write '" + options.output + "': '" + folder.string() +
                  "' is no folder to write to");
  }
  Timeout timeout(std::optional<Timeout> configured = {}) const {
    if (options.timeoutSeconds > 0)
      return Timeout(static_cast<int64_t>(options.timeoutSeconds * 1000));
    return configured.value_or(defaultTimeout);
  }
  Key key(uint8_t party) const {
    if (options.seed.empty())
      return freshKey();
    return testKey(options.seed, party);
  }
  void warnOfSeed() const {
    if (!options.seed.empty())
      std::cerr << "warning: --insecure-test-seed: the randomness is known to "
                   "whoever knows the seed; nothing is secret\n";
  }
  Identity identity(RoleId role) const { return {role, program.hash}; }
  /// Writes and prints what a run gave.
  void finish(View view, SessionResult result, bool stacked) const {
    result.stacked = stacked;
    if (!options.output.empty() && view != View::Dealer)
      writeNpz(options.output, summary(result).outputs);
    TensorMap reference;
    if (!options.reference.empty())
      reference = readNpz(options.reference);
    (options.stats ? printStats : printReport)(
        std::cout, manifest, view, result,
        options.reference.empty() ? nullptr : &reference);
    checkCost(manifest, view, result);
  }

  const Program &program;
  const Options &options;
  const std::string directory;
  const Manifest manifest;
};

void Command::runInProcess() const {
  std::cerr << "note: all roles run in this process, which knows the dealer's "
               "randomness: for testing only\n";
  warnOfSeed();
  checkOutput(-1);
  const Samples samples = samplesOf(-1);
  const std::array<Inputs, 2> inputs = {inputsOf(samples, 0),
                                        inputsOf(samples, 1)};
  const auto all = weights(true), open = weights(false);
  finish(View::All,
         runAll(program, {key(0), key(1)}, {all.get(), open.get()}, inputs,
                timeout()),
         samples.stacked);
}

void Command::runOneParty() const {
  const Config config = readConfig(options.config);
  const Timeout wait = timeout(config.timeout);
  const bool first = options.party == 0;
  const Identity self = identity(first ? RoleId::Party0 : RoleId::Party1);
  checkOutput(options.party);
  const Samples samples = samplesOf(options.party);
  const Inputs inputs = inputsOf(samples, options.party);
  const auto ownWeights = weights(first);

  auto dealer = connectTo(config.dealer.address, self, RoleId::Dealer, wait);
  Key received;
  dealer->receive(received);
  const Prg prg(received);
  std::unique_ptr<Channel> peer =
      first ? std::move(
                  acceptFrom(config.party0.listen, self, {RoleId::Party1}, wait)
                      .front())
            : connectTo(config.party0.address, self, RoleId::Party0, wait);
  finish(first ? View::Party0 : View::Party1,
         runParty(program.party, options.party, *peer,
                  first ? nullptr : dealer.get(), prg, ownWeights.get(),
                  inputs),
         samples.stacked);
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
         runDealer(program.dealer, prg0, prg1, *parties[1], inferences()),
         false);
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
    result.inferences.push_back(
        {{}, 0, runReference(program.reference, *source, inputs[i], &ranges)});
    for (const RangeViolation &violation : ranges.violations)
      std::cerr << "warning: "
                << (samples.stacked ? "sample " + std::to_string(i) + ": " : "")
                << toString(violation) << ": the parties' result is wrong\n";
  }
  const TensorMap outputs = summary(result).outputs;
  if (!options.output.empty())
    writeNpz(options.output, outputs);
  TensorMap expected;
  if (!options.reference.empty())
    expected = readNpz(options.reference);
  printOutputs(std::cout, "fixed-point", outputs,
               options.reference.empty() ? nullptr : &expected);
}

/// The options of a command: which of them it takes.
void addOptions(CLI::App &app, Options &options, std::string_view which) {
  for (char c : which)
    switch (c) {
    case 'i':
      app.add_option("--input", options.input,
                     "inputs, an .npz archive; with one more axis in front of "
                     "every array it holds several samples, each of which is "
                     "one inference after the same setup");
      break;
    case 'o':
      app.add_option("--output", options.output,
                     "where to write the outputs, an .npz archive");
      break;
    case 'n':
      app.add_option("--inferences", options.inferences,
                     "how many inferences; the same for all roles (default: "
                     "the samples of --input, else 1)")
          ->check(CLI::Range(size_t(1), size_t(1) << 31));
      break;
    case 'r':
      app.add_option("--reference", options.reference,
                     "an .npz archive with the expected outputs to compare");
      break;
    case 'c':
      app.add_option("--config", options.config,
                     "parties.toml: where the roles are")
          ->required();
      break;
    case 's':
      app.add_flag("--stats", options.stats,
                   "print outputs and counters as JSON");
      break;
    case 'x':
      app.add_option("--insecure-test-seed", options.seed,
                     "derive all randomness from this hexadecimal text; for "
                     "reproducible tests, not secret")
          ->check([](const std::string &text) {
            return text.find_first_not_of("0123456789abcdefABCDEF") ==
                           std::string::npos
                       ? std::string()
                       : std::string("expected hexadecimal digits");
          });
      break;
    case 't':
      app.add_option("--timeout", options.timeoutSeconds,
                     "seconds to wait for a silent peer (default 30)")
          ->check(CLI::Range(0.001, 86400.0));
      break;
    default:
      break;
    }
  app.add_option("--dir", options.directory,
                 "the directory of manifest.json and weights.bin (default: "
                 "that of the program)");
}

} // namespace

int programMain(int argc, const char *const *argv, const Program &program) {
  CLI::App app("A compiled Transformer that two parties and a dealer run on "
               "secret shares.",
               "program");
  app.require_subcommand(1);
  Options options;
  using Run = void (Command::*)() const;
  std::vector<std::pair<CLI::App *, Run>> commands;
  auto add = [&](const char *name, const char *help, std::string_view which,
                 Run run) {
    CLI::App *command = app.add_subcommand(name, help);
    addOptions(*command, options, which);
    commands.emplace_back(command, run);
    return command;
  };
  add("run", "run all roles in this process (for testing)", "iorsxt",
      &Command::runInProcess);
  add("party", "run party 0 (has the weights) or party 1", "iorncst",
      &Command::runOneParty)
      ->add_option("id", options.party, "0 or 1")
      ->required()
      ->check(CLI::Range(0, 1));
  add("dealer", "run the dealer, which sees no data", "ncsxt",
      &Command::runOneDealer);
  add("reference", "the exact fixed-point result, in the clear", "ior",
      &Command::runInTheClear);
  add("info", "inputs, outputs and predicted cost", "", &Command::info);
  try {
    app.parse(argc, argv);
    Command command(program, options);
    for (const auto &[parsed, run] : commands)
      if (parsed->parsed())
        (command.*run)();
    std::cout.flush();
    return 0;
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 1;
  } catch (const Error &error) {
    std::cerr << "program: error: " << error.what() << "\n";
  } catch (const std::exception &error) {
    std::cerr << "program: internal error: " << error.what()
              << ": this is a bug of the compiler\n";
  }
  return 1;
}

} // namespace secformer::runtime
