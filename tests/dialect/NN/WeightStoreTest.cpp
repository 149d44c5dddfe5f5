//===- WeightStoreTest.cpp - weights in memory and on disk
//------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/dialect/NN/Snippet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace secformer::nn;

namespace {

class WeightStoreTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("weights", folder));
    file = folder;
    llvm::sys::path::append(file, "model.weights");
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  bool reported(StringRef text) const {
    return StringRef(snippet.errors).contains(text);
  }

  Snippet snippet;
  llvm::SmallString<128> folder, file;
};

TEST_F(WeightStoreTest, RoundTrip) {
  auto module = snippet.parse("module attributes {nn.weight_file = "
                              "\"model.weights\"} {}");
  WeightStore store;
  store.add(*module, "w", floats({3}, {1, 2, 3}));
  WeightOp second = store.add(*module, "w", floats({2, 1}, {4, 5}));
  EXPECT_EQ(second.getSymName(), "w_1");
  EXPECT_EQ(second.getOffset(), 64u);
  ASSERT_TRUE(succeeded(store.write(*module, file))) << snippet.errors;

  WeightStore loaded;
  ASSERT_TRUE(succeeded(loaded.load(*module, folder))) << snippet.errors;
  ASSERT_TRUE(loaded.lookup("w") && loaded.lookup("w_1"));
  expectNear(*loaded.lookup("w"), {1, 2, 3}, 0);
  expectNear(*loaded.lookup("w_1"), {4, 5}, 0);
  EXPECT_EQ(loaded.lookup("w_1")->getRank(), 2);
  EXPECT_EQ(loaded.lookup("v"), nullptr);
}

TEST_F(WeightStoreTest, CompactDropsUnused) {
  auto module = snippet.parse("module {}");
  WeightStore store;
  for (const char *name : {"a", "b", "c"})
    store.add(*module, name, floats({20}, std::vector<float>(20, 1)));
  EXPECT_EQ(weightBytes(*module), 3 * 128);
  auto builder = OpBuilder::atBlockEnd(module->getBody());
  auto c = module->lookupSymbol<WeightOp>("c");
  ParamOp::create(builder, module->getLoc(), c.getType(), "c");
  store.compact(*module);
  EXPECT_EQ(store.lookup("a"), nullptr);
  EXPECT_NE(store.lookup("c"), nullptr);
  EXPECT_EQ(c.getOffset(), 0u);
  EXPECT_EQ(weightBytes(*module), 128);
}

TEST_F(WeightStoreTest, FileTooShort) {
  auto module = snippet.parse(R"(
    module attributes {nn.weight_file = "model.weights"} {
      nn.weight @w offset 0 : tensor<3xf32>
    })");
  WeightStore store;
  EXPECT_TRUE(failed(store.load(*module, folder)));
  EXPECT_TRUE(reported("cannot read the weight file")) << snippet.errors;
  std::error_code error;
  llvm::raw_fd_ostream(file, error) << "12345678";
  EXPECT_TRUE(failed(store.load(*module, folder)));
  EXPECT_TRUE(reported("ends at byte 12 of")) << snippet.errors;
  EXPECT_TRUE(reported("which has 8 bytes")) << snippet.errors;
}

TEST_F(WeightStoreTest, BadOffsets) {
  auto module = snippet.parse(R"(
    module attributes {nn.weight_file = "model.weights"} {
      nn.weight @w offset 2 : tensor<1xf32>
    })");
  std::error_code error;
  llvm::raw_fd_ostream(file, error) << "12345678";
  WeightStore store;
  EXPECT_TRUE(failed(store.load(*module, folder)));
  EXPECT_TRUE(reported("expected an offset that is a multiple of 4, found 2"))
      << snippet.errors;
}

TEST_F(WeightStoreTest, NoFileNamed) {
  auto module = snippet.parse("nn.weight @w offset 0 : tensor<3xf32>");
  WeightStore store;
  EXPECT_TRUE(failed(store.load(*module, folder)));
  EXPECT_TRUE(reported("expected the attribute nn.weight_file"))
      << snippet.errors;
  EXPECT_TRUE(failed(store.write(*module, file)));
  EXPECT_TRUE(reported("no values of this type for the weight"))
      << snippet.errors;
  auto empty = snippet.parse("module {}");
  EXPECT_TRUE(succeeded(store.load(*empty, folder)));
}

TEST_F(WeightStoreTest, OverlappingWeights) {
  auto module = snippet.parse("module {}");
  WeightStore store;
  store.add(*module, "a", floats({3}, {1, 2, 3}));
  store.add(*module, "b", floats({3}, {1, 2, 3})).setOffset(4);
  EXPECT_TRUE(failed(store.write(*module, file)));
  EXPECT_TRUE(reported("overlaps the weight before it")) << snippet.errors;
}

} // namespace
