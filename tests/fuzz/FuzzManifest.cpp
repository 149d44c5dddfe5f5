//===- FuzzManifest.cpp - any bytes as manifest.json ----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "runtime/Manifest.h"

using namespace secformer;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    runtime::parseManifest({reinterpret_cast<const char *>(data), size},
                           "manifest.json");
  } catch (const runtime::Error &) { // what a user may see
  }
  return 0;
}
