//===- Apart.h - programs in processes of their own -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_RUNTIME_APART_H
#define SECFORMER_TESTS_RUNTIME_APART_H

#include "tests/runtime/Temporary.h"

#include "runtime/Program.h"

#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace secformer::runtime::test {

inline int call(std::vector<std::string> arguments, const Program &program) {
  arguments.insert(arguments.begin(), "program");
  std::vector<const char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(argument.c_str());
  return programMain(int(argv.size()), argv.data(), program);
}

/// A call in a process of its own: status, stdout and stderr.
struct Ran {
  int status;
  std::string out, err;
};
inline Ran callApart(const TemporaryDirectory &directory,
                     const std::string &name,
                     const std::vector<std::string> &arguments,
                     const Program &program) {
  const std::string out = directory / (name + ".out");
  const std::string err = directory / (name + ".err");
  fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    if (!freopen(out.c_str(), "w", stdout) ||
        !freopen(err.c_str(), "w", stderr))
      _exit(99);
    int status = call(arguments, program);
    fflush(nullptr);
    _exit(status);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WEXITSTATUS(status), readFile(out), readFile(err)};
}

} // namespace secformer::runtime::test

#endif // SECFORMER_TESTS_RUNTIME_APART_H
