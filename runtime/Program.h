//===- Program.h - what a generated program includes ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// The umbrella header of generated programs: the roles and programMain.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PROGRAM_H
#define SECFORMER_RUNTIME_PROGRAM_H

#include "runtime/Dealer.h"
#include "runtime/Outsider.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"

#include <functional>

namespace secformer::runtime {

/// A compiled program, for any role: setup runs once, infer once per inference.
/// The hash ties it to its manifest and to the programs of the other roles.
struct Program {
  using Phase = std::function<void(Role &)>;
  const char *hash;
  Phase setup, infer;
  /// An input or a weight comes from outside of the parties.
  bool hasOutsider = false;
};

/// The command line of a program (see --help). Returns the exit status; errors
/// go to stderr as one line.
int programMain(int argc, const char *const *argv, const Program &program);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PROGRAM_H
