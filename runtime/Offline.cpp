//===- Offline.cpp - the offline phases of party 1 ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Offline.h"

#include "runtime/Seconds.h"

#include <limits>

namespace secformer::runtime {
namespace {

constexpr size_t ahead = size_t(64) << 20; // bytes, if streamed
// The preparation has the time-out of its own link to the dealer.
constexpr Timeout unlimited = std::chrono::hours(24 * 365);

} // namespace

Offline::Offline(const Program &program, Party &party,
                 const Randomness &randomness, Channel &dealer,
                 size_t inferences, Phasing phasing, Before preparing,
                 Pipe pipe)
    : program(program), phasing(phasing), preparing(std::move(preparing)),
      there(std::move(pipe.first)), here(std::move(pipe.second)),
      preparation(party, randomness, dealer, *there) {
  party.takePrepared(*here);
  if (phasing == Phasing::Streamed)
    thread = std::thread([this, inferences] {
      try {
        for (size_t i = 0; i < inferences; ++i)
          prepare(uint32_t(i + 1));
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
      there.reset();
    });
}

Offline::Offline(const Program &program, Party &party,
                 const Randomness &randomness, Channel &dealer,
                 size_t inferences, Phasing phasing, Before preparing)
    : Offline(program, party, randomness, dealer, inferences, phasing,
              std::move(preparing),
              makeLocalChannel("party 1's preparation", "party 1",
                               phasing == Phasing::Streamed
                                   ? ahead
                                   : std::numeric_limits<size_t>::max(),
                               unlimited)) {}

Offline::~Offline() {
  here.reset(); // wakes the thread
  if (thread.joinable())
    thread.join();
}

void Offline::prepare(uint32_t inference) {
  if (preparing)
    preparing(inference);
  preparation.start(inference);
  program.infer(preparation);
}

double Offline::before(uint32_t inference) {
  if (phasing == Phasing::Streamed)
    return 0;
  return secondsOf([&] { prepare(inference); });
}

std::exception_ptr Offline::reason() {
  const std::lock_guard lock(mutex);
  return failure;
}

} // namespace secformer::runtime
