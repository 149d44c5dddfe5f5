//===- NpzTest.cpp - numpy archives ---------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Temporary.h"

#include "runtime/Npz.h"

#include <gtest/gtest.h>
#include <zip.h>

namespace secformer::runtime::test {
namespace {

/// A .npy file of version 1 with this header text and data.
std::string npy(const std::string &header, const std::string &data,
                char version = 1) {
  std::string text("\x93NUMPY", 6);
  text += version;
  text += '\0';
  text += char(header.size());
  text += '\0';
  if (version > 1)
    text += std::string(2, '\0');
  return text + header + data;
}

std::string header(const std::string &descr, const std::string &shape,
                   const std::string &fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran +
         ", 'shape': " + shape + ", }\n";
}

std::string floats(std::initializer_list<float> values) {
  std::string bytes(values.size() * 4, '\0');
  std::copy_n(reinterpret_cast<const char *>(values.begin()), bytes.size(),
              bytes.begin());
  return bytes;
}

class NpzTest : public ::testing::Test {
protected:
  /// An archive with one entry.
  std::string archive(const std::string &name, const std::string &content,
                      bool deflated = false) {
    std::string path = directory / "test.npz";
    zip_t *zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    zip_int64_t index = zip_file_add(
        zip, name.c_str(),
        zip_source_buffer(zip, content.data(), content.size(), 0), 0);
    zip_set_file_compression(zip, zip_uint64_t(index),
                             deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    EXPECT_EQ(zip_close(zip), 0);
    return path;
  }
  std::string errorFor(const std::string &content) {
    std::string path = archive("x.npy", content);
    return errorOf([&] { readNpz(path); });
  }
  TemporaryDirectory directory;
};

TEST_F(NpzTest, RoundTripOfEveryType) {
  const float f[] = {1.5F, -2, 3, 4, 5, 6};
  const double d[] = {1e300};
  const int64_t i[] = {-5, int64_t(1) << 60};
  TensorMap tensors;
  tensors["f"] = makeTensor({2, 3}, std::span<const float>(f));
  tensors["d"] = makeTensor({}, std::span<const double>(d));
  tensors["i"] = makeTensor({2}, std::span<const int64_t>(i));
  tensors["int32"] = {
      DType::Int32, {1}, std::vector<std::byte>(4, std::byte(1))};
  tensors["b"] = {DType::Bool, {1, 2}, {std::byte(0), std::byte(1)}};
  std::string path = directory / "all.npz";
  writeNpz(path, tensors);
  std::string first = readFile(path);
  TensorMap back = readNpz(path);
  ASSERT_EQ(back.size(), tensors.size());
  for (const auto &[name, tensor] : tensors) {
    EXPECT_EQ(back[name].dtype, tensor.dtype) << name;
    EXPECT_EQ(back[name].shape, tensor.shape) << name;
    EXPECT_EQ(back[name].data, tensor.data) << name;
  }
  writeNpz(path, tensors);
  EXPECT_EQ(readFile(path), first) << "the same arrays give the same bytes";
}

TEST_F(NpzTest, DeflatedAndOtherVersions) {
  for (char version : {1, 2, 3}) {
    std::string path = archive(
        "x.npy", npy(header("<f4", "(2,)"), floats({1, 2}), version), true);
    EXPECT_EQ(readNpz(path)["x"].at(1), 2);
  }
}

TEST_F(NpzTest, FortranOrder) {
  std::string path = archive("x.npy", npy(header("<f4", "(2, 3)", "True"),
                                          floats({1, 4, 2, 5, 3, 6})));
  TensorMap map = readNpz(path);
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(map["x"].at(i), double(i + 1));
}

TEST_F(NpzTest, BadArraysNameFileAndEntry) {
  std::string good = npy(header("<f4", "(2,)"), floats({1, 2}));
  for (const auto &[content, part] :
       std::initializer_list<std::pair<std::string, std::string>>{
           {"PK", "not a .npy"},
           {good.substr(0, 30), "header length"},
           {good.substr(0, good.size() - 1), "7 bytes of data, expected 8"},
           {good + "x", "9 bytes of data, expected 8"},
           {npy(header(">f4", "(2,)"), floats({1, 2})), "'>f4', expected"},
           {npy(header("<f4", "(-2,)"), ""), "bad shape"},
           {npy(header("<f4", "(2"), floats({1, 2})), "bad shape"},
           {npy(header("<f4", "(9999999999, 9999999999)"), ""), "too large"},
           {npy(header("<f4", "(0, 9999999999, 9999999999)", "True"), ""),
            "too large"},
           {npy(header("<f4", "(2,)", "Maybe"), floats({1, 2})),
            "fortran_order"},
           {npy("{'shape': (2,)}", floats({1, 2})), "no descr"},
           {npy(header("<f4", "(2,)"), floats({1, 2}), 9), "format 9"}}) {
    std::string error = errorFor(content);
    EXPECT_TRUE(contains(error, {part, "test.npz", "'x.npy'"})) << error;
  }
}

TEST_F(NpzTest, ManyZerosInFewBytes) {
  constexpr size_t count = 40 << 20;
  std::string path = archive(
      "x.npy", npy(header("|b1", "(41943040,)"), std::string(count, '\0')),
      true);
  EXPECT_EQ(readNpz(path)["x"].size(), count);
  zip_t *zip = zip_open(path.c_str(), 0, nullptr);
  const std::string again(count, '\0');
  zip_file_add(zip, "y.npy",
               zip_source_buffer(zip, again.data(), again.size(), 0), 0);
  ASSERT_EQ(zip_close(zip), 0);
  EXPECT_TRUE(contains(errorOf([&] { readNpz(path); }),
                       {"'y.npy'", "too large", "64 times"}));
}

TEST_F(NpzTest, BadFiles) {
  EXPECT_TRUE(contains(errorOf([&] { readNpz(directory / "absent.npz"); }),
                       {"absent.npz", "No such file"}));
  std::string path = directory.file("text.npz", "hello");
  EXPECT_TRUE(contains(errorOf([&] { readNpz(path); }), {"text.npz"}));
  path = archive("readme.txt", "hello");
  EXPECT_TRUE(contains(errorOf([&] { readNpz(path); }),
                       {"'readme.txt'", "not a .npy"}));
  EXPECT_NE(errorOf([&] { writeNpz(directory / "no/such/dir.npz", {}); }),
            "no error");
}

TEST_F(NpzTest, DamageIsFound) {
  std::string path =
      archive("x.npy", npy(header("<f4", "(2,)"), floats({1, 2})));
  std::string bytes = readFile(path);
  size_t at = bytes.find("NUMPY");
  bytes[at + 90] = char(bytes[at + 90] ^ 1); // the stored checksum tells
  path = directory.file("damaged.npz", bytes);
  EXPECT_TRUE(contains(errorOf([&] { readNpz(path); }), {"damaged"}));
}

} // namespace
} // namespace secformer::runtime::test
