//===- Offline.h - the offline phases of party 1 --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Runs the Preparation of every inference of a session: apart, when the party
// says so, with all that it makes in memory; or streamed, in a thread that is a
// bounded number of bytes ahead of the online phase.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_OFFLINE_H
#define SECFORMER_RUNTIME_OFFLINE_H

#include "runtime/Program.h"

#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace secformer::runtime {

/// How the offline phase of an inference and its online phase lie in time.
enum class Phasing : uint8_t {
  Streamed, ///< the same time, in two threads: bounded memory
  Apart,    ///< one after the other: what is prepared waits in memory
};

/// Called with the number of an inference, from 1, before a phase of it begins;
/// may be empty.
using Before = std::function<void(uint32_t)>;

class Offline {
public:
  /// After the setup of \p party, which takes from here what is prepared.
  Offline(const Program &program, Party &party, const Randomness &randomness,
          Channel &dealer, size_t inferences, Phasing phasing,
          Before preparing);
  ~Offline();
  Offline(const Offline &) = delete;
  Offline &operator=(const Offline &) = delete;

  /// Before the n-th inference's online phase begins; gives the seconds that
  /// its offline phase took if it is apart, else 0.
  double before(uint32_t inference);
  /// Why the preparation failed, if it did: the online phase only sees that
  /// nothing more comes.
  std::exception_ptr reason();

private:
  using Pipe = std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>;
  Offline(const Program &program, Party &party, const Randomness &randomness,
          Channel &dealer, size_t inferences, Phasing phasing, Before preparing,
          Pipe pipe);
  void prepare(uint32_t inference);

  const Program &program;
  const Phasing phasing;
  const Before preparing;
  std::unique_ptr<Channel> there, here; // ends of a pipe
  Preparation preparation;
  std::mutex mutex;
  std::exception_ptr failure; // of the thread, set before the pipe closes
  std::thread thread;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_OFFLINE_H
