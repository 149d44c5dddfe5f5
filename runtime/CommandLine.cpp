//===- CommandLine.cpp - the command line of a program --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Command.h"
#include "runtime/Error.h"
#include "runtime/Processor.h"
#include "runtime/Threads.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace secformer::runtime {
namespace {

/// The options of a command: which of them it takes.
void addOptions(CLI::App &app, Options &options, std::string_view which) {
  for (char c : which)
    switch (c) {
    case 'i':
      app.add_option("--input", options.inputs,
                     "inputs, an .npz archive; with one more axis in front of "
                     "every array it holds several samples, each of which is "
                     "one inference after the same setup. A party takes its "
                     "shares of a client's inputs likewise")
          ->take_all();
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
    case 'p':
      app.add_option("--threads", options.threads,
                     "processor cores to work with (default 1); all roles of "
                     "a process share them")
          ->check(CLI::Range(size_t(1), maxThreads));
      break;
    case 'f':
      app.add_flag_callback(
          "--offline-first", [&] { options.how.phasing = Phasing::Apart; },
          "prepare an inference as far as it does not depend on the input "
          "before its online phase begins, and time both apart; what is "
          "prepared takes as much memory as the dealer sends, and the other "
          "party's --timeout must last for it");
      break;
    case 'l':
      app.add_option("--profile", options.profile,
                     "print seconds and bytes by layer and operation, and "
                     "write a timeline (JSON that Perfetto opens) here");
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
  add("run", "run all roles in this process (for testing)", "iorsxtpfl",
      &Command::runInProcess)
      ->add_option_function<std::string>(
          "--shape",
          [&](const std::string &text) {
            options.how.shape = parseLinkShape(text);
          },
          "for tests and measurements, RTT_MS,MBIT: every link between roles "
          "has this round trip and this bandwidth each way, as in 40,100");
  add("party", "run party 0 (has the weights) or party 1", "iorncstpfl",
      &Command::runOneParty)
      ->add_option("id", options.party, "0 or 1")
      ->required()
      ->check(CLI::Range(0, 1));
  commands.back().first->add_option(
      "--weights", options.weightShares,
      "this party's shares of the weights, if they are a provider's");
  CLI::App *share =
      add("share",
          "for client and provider: OUTPUT.party0 and OUTPUT.party1, to give "
          "to the parties, of --input or --weights",
          "iox", &Command::share);
  share->get_option("--output")->required();
  share->add_flag("--weights", options.shareWeights,
                  "share the weights, once for all inferences");
  add("open", "for the client: the results, of both parties' shares", "or",
      &Command::open)
      ->add_option("shares", options.resultShares,
                   "what party 0 and party 1 wrote")
      ->required()
      ->expected(2);
  add("dealer", "run the dealer, which sees no data", "ncsxtp",
      &Command::runOneDealer);
  add("reference", "the exact fixed-point result, in the clear", "iorp",
      &Command::runInTheClear);
  add("info", "inputs, outputs and predicted cost", "", &Command::info);
  try {
    app.parse(argc, argv);
    options.how.profiled = !options.profile.empty();
    chosenPath(); // complains of a bad choice before anything runs
    setThreads(options.threads);
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
