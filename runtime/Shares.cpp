//===- Shares.cpp - files of shares ---------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Shares.h"

#include "runtime/Error.h"
#include "runtime/Unfinished.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

namespace secformer::runtime {
namespace {

constexpr std::string_view magic = "SFSHARES";
constexpr uint32_t version = 1;
constexpr size_t hashBytes = 64;
/// What a damaged number could make a reader ask memory for stays small.
constexpr uint64_t maxSamples = uint64_t(1) << 20;

using Head = std::array<std::byte, shareHeadBytes>;

/// Where the fields of a head stand, in order.
class HeadFields {
public:
  explicit HeadFields(std::byte *at) : at(at) {}
  std::byte *next(size_t bytes) { return std::exchange(at, at + bytes); }

private:
  std::byte *at;
};

uint64_t readNumber(const std::byte *at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = bytes; i-- > 0;)
    value = value << 8 | std::to_integer<uint64_t>(at[i]);
  return value;
}

void writeNumber(std::byte *at, size_t bytes, uint64_t value) {
  for (size_t i = 0; i < bytes; ++i)
    at[i] = std::byte(value >> 8 * i);
}

Head headOf(const Shares &shares, const std::string &hash) {
  Head head{};
  HeadFields fields(head.data());
  std::memcpy(fields.next(magic.size()), magic.data(), magic.size());
  writeNumber(fields.next(4), 4, version);
  std::memcpy(fields.next(hashBytes), hash.data(),
              std::min(hash.size(), hashBytes));
  *fields.next(1) = std::byte(shares.kind);
  *fields.next(1) = std::byte(shares.party);
  *fields.next(2) = std::byte(shares.stacked);
  std::copy(shares.id.begin(), shares.id.end(), fields.next(16));
  writeNumber(fields.next(8), 8, shares.samples.size());
  std::copy(shares.key.begin(), shares.key.end(), fields.next(16));
  return head;
}

const char *kindName(ShareKind kind) {
  return kind == ShareKind::Weights  ? "weights"
         : kind == ShareKind::Inputs ? "inputs"
                                     : "results";
}

/// The first bytes of a hash that came from a file.
std::string shortHash(const std::byte *at) {
  std::string text(reinterpret_cast<const char *>(at), 12);
  for (char &c : text)
    c = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '?';
  return text;
}

} // namespace

size_t sampleBytes(const Manifest &manifest, ShareKind kind, int party) {
  const Counters &cost =
      kind == ShareKind::Weights ? manifest.setupCost : manifest.inferenceCost;
  return size_t(kind == ShareKind::Results ? cost.bytesToOutside
                : party == 0               ? cost.bytesOutsideToP0
                                           : cost.bytesOutsideToP1);
}

bool isShareFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  char start[magic.size()] = {};
  return file.read(start, sizeof(start)) &&
         std::string_view(start, sizeof(start)) == magic;
}

Shares readShares(const std::string &path, const Manifest &manifest,
                  ShareKind kind, int party) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error("cannot open " + path + ": " + std::strerror(errno));
  const std::string expected = std::string("party ") + std::to_string(party) +
                               "'s shares of " + kindName(kind);
  if (!isShareFile(path))
    throw Error(path + " is no file of shares: expected " + expected);
  Head head;
  if (!file.read(reinterpret_cast<char *>(head.data()), head.size()))
    throw Error(path + " is truncated: it ends within its head");
  HeadFields fields(head.data());
  fields.next(magic.size());
  if (uint64_t found = readNumber(fields.next(4), 4); found != version)
    throw Error(path + " has version " + std::to_string(found) +
                " of the format, expected " + std::to_string(version));
  const std::byte *hash = fields.next(hashBytes);
  if (manifest.hash.size() != hashBytes ||
      std::memcmp(hash, manifest.hash.data(), hashBytes) != 0)
    throw Error(path + " was made for another program: " + shortHash(hash) +
                " there, " + manifest.hash.substr(0, 12) + " here");
  Shares shares;
  shares.kind = ShareKind(*fields.next(1));
  if (shares.kind < ShareKind::Weights || shares.kind > ShareKind::Results)
    throw Error(path + " is damaged: it says neither weights, inputs nor "
                       "results");
  if (shares.kind != kind)
    throw Error(path + " holds " + kindName(shares.kind) + ", expected " +
                expected);
  shares.party = std::to_integer<int>(*fields.next(1));
  if (shares.party != party)
    throw Error(path + " is for party " + std::to_string(shares.party) +
                ", expected " + expected);
  shares.stacked = *fields.next(2) != std::byte(0);
  std::copy_n(fields.next(16), 16, shares.id.begin());
  const uint64_t count = readNumber(fields.next(8), 8);
  std::copy_n(fields.next(16), 16, shares.key.begin());
  if (count < 1 || count > maxSamples ||
      (kind == ShareKind::Weights && count != 1))
    throw Error(path + " is damaged: it says " + std::to_string(count) +
                " samples");
  const size_t each = sampleBytes(manifest, kind, party);
  std::error_code unknown;
  const uint64_t size = std::filesystem::file_size(path, unknown);
  if (unknown || (size - shareHeadBytes) / count != each ||
      (size - shareHeadBytes) % count != 0)
    throw Error(path + " has " + std::to_string(size) + " bytes, expected " +
                std::to_string(shareHeadBytes) + " and " +
                std::to_string(count) + " times " + std::to_string(each) +
                ": it is truncated or damaged");
  shares.samples.resize(count);
  for (std::vector<std::byte> &sample : shares.samples) {
    sample.resize(each);
    if (!file.read(reinterpret_cast<char *>(sample.data()),
                   std::streamsize(each)))
      throw Error("cannot read " + path);
  }
  return shares;
}

void writeShares(
    const Manifest &manifest,
    const std::vector<std::pair<std::string, const Shares *>> &files) {
  std::vector<std::unique_ptr<Unfinished>> unfinished;
  for (const auto &[path, shares] : files) {
    if (shares->samples.size() > maxSamples)
      throw Error(path + ": " + std::to_string(shares->samples.size()) +
                  " samples, at most " + std::to_string(maxSamples) +
                  " fit a file of shares");
    Unfinished &file =
        *unfinished.emplace_back(std::make_unique<Unfinished>(path));
    file.write(headOf(*shares, manifest.hash));
    for (const std::vector<std::byte> &sample : shares->samples) {
      if (size_t expected = sampleBytes(manifest, shares->kind, shares->party);
          sample.size() != expected)
        throw Error(path + ": a sample has " + std::to_string(sample.size()) +
                    " bytes, predicted " + std::to_string(expected) +
                    ": this is a bug of the compiler");
      file.write(sample);
    }
    file.close();
  }
  for (size_t i = 0; i < unfinished.size(); ++i)
    try {
      unfinished[i]->moveIntoPlace();
    } catch (const Error &) {
      while (i-- > 0)
        unlink(files[i].first.c_str());
      throw;
    }
}

} // namespace secformer::runtime
