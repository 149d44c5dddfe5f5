//===- FuzzShares.cpp - any bytes as a file of shares ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Error.h"
#include "runtime/Shares.h"
#include "tests/fuzz/InputFile.h"

using namespace secformer;
using runtime::ShareKind;

/// Each kind has samples of its own size: none, a few bytes, more.
static runtime::Manifest program() {
  runtime::Manifest manifest;
  manifest.hash = std::string(64, 'a');
  manifest.setupCost.bytesOutsideToP1 = 40;
  manifest.inferenceCost.bytesOutsideToP1 = 9;
  manifest.inferenceCost.bytesToOutside = 5;
  return manifest;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::InputFile file("x.party0");
  static const runtime::Manifest manifest = program();
  const std::string &path = file.write(data, size);
  for (ShareKind kind :
       {ShareKind::Weights, ShareKind::Inputs, ShareKind::Results})
    for (int party : {0, 1})
      try {
        const runtime::Shares shares =
            runtime::readShares(path, manifest, kind, party);
        // What is accepted was in the file.
        if (shares.samples.size() * shares.samples.front().size() +
                runtime::shareHeadBytes !=
            size)
          std::abort();
      } catch (const runtime::Error &) { // what a user may see
      }
  return 0;
}
