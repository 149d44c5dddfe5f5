//===- Results.cpp - results that go to the client as shares --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Results.h"

#include "runtime/Encoding.h"
#include "runtime/Error.h"
#include "runtime/Kernels.h"
#include "runtime/Pack.h"
#include "runtime/ShapeMath.h"

namespace secformer::runtime {

std::vector<std::byte>
packResults(const Manifest &manifest,
            const std::map<std::string, ResultShare> &results) {
  std::vector<std::byte> bytes;
  for (const OutputSpec &output : manifest.outputs) {
    const Array &words = results.at(output.name).words;
    const size_t start = bytes.size();
    bytes.resize(start + packedBytes(words.size(), output.ring));
    pack(words.words(), output.ring, std::span(bytes).subspan(start));
  }
  return bytes;
}

Tensor openResult(const ResultShare &first, const ResultShare &second) {
  const WireType &type = first.type;
  return decode(kernels::binary(kernels::Binary::Add, first.words, second.words,
                                type.ring),
                type.shape, type.scale, type.ring, first.dtype);
}

std::vector<TensorMap> openResults(const Manifest &manifest,
                                   const std::array<Shares, 2> &halves) {
  if (halves[0].id != halves[1].id ||
      halves[0].samples.size() != halves[1].samples.size())
    throw Error("the files are of different runs: open both parties' shares "
                "of one");
  std::vector<TensorMap> each(halves[0].samples.size());
  for (size_t i = 0; i < each.size(); ++i) {
    size_t start = 0;
    for (const OutputSpec &output : manifest.outputs) {
      const size_t count = elementCount(output.shape),
                   bytes = packedBytes(count, output.ring);
      ResultShare of[2];
      for (int party : {0, 1}) {
        of[party] = {{output.shape, output.scale, output.ring},
                     output.dtype,
                     Array(count)};
        unpack(std::span(halves[party].samples[i]).subspan(start, bytes),
               output.ring, of[party].words.words());
      }
      start += bytes;
      each[i][output.name] = openResult(of[0], of[1]);
    }
  }
  return each;
}

} // namespace secformer::runtime
