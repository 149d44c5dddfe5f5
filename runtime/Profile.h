//===- Profile.h - where the time of a party goes -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A party that is profiled notes every operation: its name, the node of the
// model it comes from, its time, what of it was waiting, and the bytes that it
// queued. Nothing of a value is in it: the same program and machine give the
// same profile for any input, but for the clock.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_PROFILE_H
#define SECFORMER_RUNTIME_PROFILE_H

#include <array>
#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace secformer::runtime {

class Profile {
public:
  using Clock = std::chrono::steady_clock;

  struct Slice {
    const char *operation; ///< "matmul", "round", ...; a literal
    const char *place;     ///< the node of the model; a literal
    Clock::time_point start;
    Clock::duration length, waited;
    uint64_t bytes; ///< that it queued for the other party
  };

  /// The first operation begins now.
  void begin() { last = Clock::now(); }
  /// What ran since the last slice was \p operation at \p place.
  void end(const char *operation, const char *place);
  /// The running operation waits for a peer while \p receive runs.
  template <class Receive> void waitFor(Receive receive) {
    const auto start = Clock::now();
    receive();
    waited += Clock::now() - start;
  }
  void count(uint64_t bytes) { queued += bytes; }

  const std::vector<Slice> &slices() const { return list; }

private:
  Clock::time_point last;
  Clock::duration waited{};
  uint64_t queued = 0;
  std::vector<Slice> list;
};

/// Seconds of computing and of waiting and bytes, by operation and by layer of
/// the model.
void printProfile(std::ostream &out, const Profile &profile);

/// The slices as a timeline in the Trace Event format (JSON), which Perfetto
/// and chrome://tracing open. Throws Error if it cannot be written.
void writeTrace(const std::string &path, const std::array<Profile, 2> &parties);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_PROFILE_H
