//===- ExternalDataTest.cpp - weights in files beside the model
//-------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/frontend/ModelBuilder.h"

using namespace secformer;
using namespace secformer::frontend;

namespace {

class ExternalData : public ImportTest {
protected:
  /// y = x + w, with the two floats of w at `location`.
  bool importFrom(const std::string &location,
                  std::map<std::string, std::string> more = {}) {
    ModelBuilder model;
    model.input("x", {2});
    auto &tensor = model.initializer("w", nn::floats({2}, {0, 0}));
    tensor.clear_raw_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    more["location"] = location;
    for (const auto &[key, value] : more) {
      auto *entry = tensor.add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    model.node("Add", {"x", "w"}, {"y"});
    model.output("y");
    return import(model);
  }

  static llvm::StringRef bytes(llvm::ArrayRef<float> values) {
    return {reinterpret_cast<const char *>(values.data()),
            values.size() * sizeof(float)};
  }
};

TEST_F(ExternalData, WithOffset) {
  write("weights.bin", bytes({9, 1, 2}));
  ASSERT_TRUE(importFrom("weights.bin", {{"offset", "4"}, {"length", "8"}}))
      << snippet.errors;
  auto results = run({{"x", nn::floats({2}, {10, 20})}});
  ASSERT_EQ(results.size(), 1u);
  expectNear(results[0], {11, 22}, 0);
}

TEST_F(ExternalData, UnalignedOffset) {
  write("weights.bin", ("?" + llvm::Twine(bytes({1, 2}))).str());
  ASSERT_TRUE(importFrom("weights.bin", {{"offset", "1"}})) << snippet.errors;
  expectNear(run({{"x", nn::floats({2}, {10, 20})}})[0], {11, 22}, 0);
}

TEST_F(ExternalData, InSubfolder) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(folder.str().str() + "/data"));
  write("data/weights.bin", bytes({1, 2}));
  EXPECT_TRUE(importFrom("data/weights.bin")) << snippet.errors;
}

TEST_F(ExternalData, TooShort) {
  write("weights.bin", bytes({1}));
  expectError(importFrom("weights.bin"),
              "tensor 'w' ends at byte 8 of the external data file "
              "'weights.bin', which has 4 bytes");
}

TEST_F(ExternalData, OffsetOverflows) {
  write("weights.bin", bytes({1, 2}));
  expectError(importFrom("weights.bin", {{"offset", "18446744073709551615"}}),
              "which has 8 bytes");
}

TEST_F(ExternalData, BadNumbers) {
  write("weights.bin", bytes({1, 2}));
  expectError(importFrom("weights.bin", {{"offset", "-4"}}),
              "offset and length of external data are not numbers");
  snippet.forgetErrors();
  expectError(importFrom("weights.bin", {{"length", "4"}}),
              "expected 8 bytes of external data, found 4");
}

TEST_F(ExternalData, NoFile) {
  expectError(importFrom("weights.bin"),
              "cannot read the external data file 'weights.bin'");
}

TEST_F(ExternalData, OutsideTheFolder) {
  std::string inside = write("weights.bin", bytes({1, 2}));
  llvm::StringRef name = llvm::sys::path::filename(folder);
  const char *expected = "expected external data inside the folder";
  for (const std::string &location :
       {std::string("/etc/passwd"),
        ("../" + llvm::Twine(name) + "/weights.bin").str(), inside,
        std::string(""), std::string("..")}) {
    snippet.forgetErrors();
    expectError(importFrom(location), expected);
  }
}

TEST_F(ExternalData, LinkOutOfTheFolder) {
  std::string link = folder.str().str() + "/link.bin";
  ASSERT_FALSE(llvm::sys::fs::create_link("/etc/passwd", link));
  expectError(importFrom("link.bin"),
              "expected external data inside the folder");
}

} // namespace
