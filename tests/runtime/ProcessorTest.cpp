//===- ProcessorTest.cpp - which instructions the kernels use -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Processor.h"

#include "runtime/Error.h"

#include <gtest/gtest.h>

namespace secformer::runtime {
namespace {

TEST(Processor, PathsByName) {
  EXPECT_EQ(availablePaths().front(), Path::Portable);
  for (Path path : availablePaths())
    EXPECT_EQ(pathNamed(pathName(path)), path);
  for (const char *wrong : {"", "abacus", "Portable"})
    try {
      pathNamed(wrong);
      FAIL() << wrong;
    } catch (const Error &error) {
      const std::string start = "SECFORMER_KERNEL is '" + std::string(wrong) +
                                "', this processor offers: portable";
      EXPECT_EQ(std::string(error.what()).substr(0, start.size()), start);
    }
}

} // namespace
} // namespace secformer::runtime
