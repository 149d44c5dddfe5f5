//===- SharesTest.cpp - files of shares -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/OutsourcedProgram.h"

#include "runtime/Results.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace secformer::runtime::test {
namespace {

std::vector<std::byte> bytesOf(size_t size, uint8_t seed) {
  std::vector<std::byte> bytes(size);
  for (size_t i = 0; i < size; ++i)
    bytes[i] = std::byte(seed + 7 * i);
  return bytes;
}

class SharesTest : public ::testing::Test {
protected:
  SharesTest()
      : manifest(parseManifest(outsourcedManifest, "m")),
        path(directory / "x.party1") {
    half.kind = ShareKind::Inputs;
    half.party = 1;
    half.stacked = true;
    half.id = testKey("1d", 0);
    half.samples = {bytesOf(92, 1), bytesOf(92, 2), bytesOf(92, 3)};
  }
  Shares read(ShareKind kind = ShareKind::Inputs, int party = 1) const {
    return readShares(path, manifest, kind, party);
  }
  /// The error for the file with a part of it replaced.
  std::string errorWith(size_t at, const std::string &part) {
    writeShares(manifest, {{path, &half}});
    std::string text = readFile(path);
    text.replace(at, part.size(), part);
    directory.file("x.party1", text);
    return errorOf([&] { read(); });
  }
  TemporaryDirectory directory;
  const Manifest manifest;
  const std::string path;
  Shares half;
};

TEST_F(SharesTest, RoundTripOfEveryKind) {
  for (ShareKind kind :
       {ShareKind::Weights, ShareKind::Inputs, ShareKind::Results})
    for (int party : {0, 1}) {
      half.kind = kind;
      half.party = party;
      half.key = party == 0 ? testKey("4e", 0) : Key();
      half.samples.assign(kind == ShareKind::Weights ? 1 : 2,
                          bytesOf(sampleBytes(manifest, kind, party), 5));
      writeShares(manifest, {{path, &half}});
      EXPECT_EQ(readFile(path).size(),
                shareHeadBytes + half.samples.size() * half.samples[0].size());
      const Shares back = read(kind, party);
      EXPECT_EQ(back.id, half.id);
      EXPECT_EQ(back.key, half.key);
      EXPECT_EQ(back.stacked, half.stacked);
      EXPECT_EQ(back.samples, half.samples);
    }
  EXPECT_EQ(sampleBytes(manifest, ShareKind::Weights, 0), 0U);
  EXPECT_EQ(sampleBytes(manifest, ShareKind::Weights, 1), 40U);
  EXPECT_EQ(sampleBytes(manifest, ShareKind::Inputs, 0), 32U);
  EXPECT_EQ(sampleBytes(manifest, ShareKind::Inputs, 1), 92U);
  EXPECT_EQ(sampleBytes(manifest, ShareKind::Results, 0), 40U);
}

TEST_F(SharesTest, OnlyTheOwnerReadsThem) {
  writeShares(manifest, {{path, &half}});
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(SharesTest, WritingIsAllOrNothing) {
  const std::string folder = directory / "folder";
  std::filesystem::create_directory(folder);
  // The second cannot take the place of a folder: the first goes, too.
  EXPECT_TRUE(contains(
      errorOf([&] { writeShares(manifest, {{path, &half}, {folder, &half}}); }),
      {"cannot write " + folder}));
  half.samples[1].pop_back();
  EXPECT_TRUE(contains(errorOf([&] { writeShares(manifest, {{path, &half}}); }),
                       {"91 bytes, predicted 92", "bug of the compiler"}));
  std::filesystem::remove(folder);
  EXPECT_TRUE(std::filesystem::is_empty(directory / ""));
}

TEST_F(SharesTest, ForeignFiles) {
  EXPECT_TRUE(contains(errorOf([&] { read(); }), {"cannot open", path}));
  directory.file("x.party1", "PK and whatever");
  EXPECT_TRUE(contains(
      errorOf([&] { read(); }),
      {"is no file of shares", "expected party 1's shares of inputs"}));
  EXPECT_FALSE(isShareFile(path));
  writeShares(manifest, {{path, &half}});
  EXPECT_TRUE(isShareFile(path));
  EXPECT_TRUE(contains(errorOf([&] { read(ShareKind::Weights); }),
                       {"holds inputs, expected party 1's shares of weights"}));
  EXPECT_TRUE(contains(errorOf([&] { read(ShareKind::Inputs, 0); }),
                       {"is for party 1, expected party 0's"}));
  Manifest other = manifest;
  other.hash[0] = 'b';
  EXPECT_TRUE(
      contains(errorOf([&] { readShares(path, other, ShareKind::Inputs, 1); }),
               {"another program: aaaaaaaaaaaa there, baaaaaaaaaaa"}));
}

TEST_F(SharesTest, DamagedFiles) {
  // Where the fields stand: Shares.h.
  EXPECT_TRUE(contains(errorWith(8, "\2"), {"version 2 of the format"}));
  EXPECT_TRUE(contains(errorWith(12, "\n\n"), {"program: ??aaaaaaaaaa there"}));
  EXPECT_TRUE(contains(errorWith(76, "\7"), {"neither weights, inputs nor"}));
  EXPECT_TRUE(contains(errorWith(77, "\4"), {"is for party 4"}));
  EXPECT_TRUE(
      contains(errorWith(96, std::string(8, '\0')), {"it says 0 samples"}));
  // A number that asks for memory asks in vain.
  EXPECT_TRUE(contains(errorWith(96, std::string(8, '\x7f')),
                       {"it says 9187201950435737471 samples"}));
  EXPECT_TRUE(
      contains(errorWith(96, "\4"),
               {"has 396 bytes, expected 120 and 4 times 92", "truncated"}));
  writeShares(manifest, {{path, &half}});
  for (uintmax_t size : {395, 121, 120}) {
    std::filesystem::resize_file(path, size);
    EXPECT_TRUE(contains(errorOf([&] { read(); }),
                         {std::to_string(size) + " bytes", "truncated"}));
  }
  for (uintmax_t size : {119, 30, 8}) {
    std::filesystem::resize_file(path, size);
    EXPECT_TRUE(contains(errorOf([&] { read(); }), {"ends within its head"}));
  }
  writeShares(manifest, {{path, &half}});
  std::filesystem::resize_file(path, 397);
  EXPECT_TRUE(contains(errorOf([&] { read(); }), {"397 bytes"}));
}

TEST_F(SharesTest, HalvesOfDifferentRunsAreRefused) {
  std::array<Shares, 2> halves;
  for (int party : {0, 1}) {
    halves[party] = {ShareKind::Results,           party, false, half.id, {},
                     {bytesOf(40, uint8_t(party))}};
  }
  EXPECT_EQ(openResults(manifest, halves).size(), 1U);
  halves[1].samples.push_back(bytesOf(40, 1));
  EXPECT_TRUE(contains(errorOf([&] { openResults(manifest, halves); }),
                       {"different runs"}));
  halves[1].samples.pop_back();
  halves[1].id[3] ^= std::byte(1);
  EXPECT_TRUE(contains(errorOf([&] { openResults(manifest, halves); }),
                       {"different runs"}));
}

} // namespace
} // namespace secformer::runtime::test
