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
#include "runtime/Reference.h"

#include <functional>

namespace secformer::runtime {

/// A program for one role: setup runs once, infer once per inference.
template <class Role> struct Phases {
  std::function<void(Role &)> setup;
  std::function<void(Role &)> infer;
};

/// A compiled program, all roles. The hash ties it to its manifest and to the
/// programs of the other roles.
struct Program {
  const char *hash;
  Phases<Party> party;
  Phases<Dealer> dealer;
  Phases<Reference> reference;
  /// Empty if no input or weight comes from outside of the parties.
  Phases<Outsider> outsider = {};
};

/// The command line of a program (see --help). Returns the exit status; errors
/// go to stderr as one line.
int programMain(int argc, const char *const *argv, const Program &program);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PROGRAM_H
