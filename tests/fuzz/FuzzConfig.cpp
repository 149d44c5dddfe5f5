//===- FuzzConfig.cpp - any bytes as parties.toml -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Config.h"
#include "runtime/Error.h"
#include "tests/fuzz/InputFile.h"

using namespace secformer;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::InputFile file("parties.toml");
  try {
    runtime::readConfig(file.write(data, size));
  } catch (const runtime::Error &) { // what a user may see
  }
  return 0;
}
