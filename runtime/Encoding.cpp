//===- Encoding.cpp - real numbers as fixed point -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Encoding.h"

#include "runtime/Error.h"
#include "runtime/Ring.h"
#include "runtime/ShapeMath.h"

#include <bit>
#include <cmath>

namespace secformer::runtime {
namespace {

/// Calls use(i, integer) for every number.
template <class At, class Use>
void forScaled(size_t n, At at, unsigned scale, const std::string &what,
               Use use) {
  const double factor = std::ldexp(1.0, static_cast<int>(scale));
  // The ring may be a function's period, in which values wrap as they should;
  // ranges are checked where inputs are read.
  const double bound = 0x1p62;
  for (size_t i = 0; i < n; ++i) {
    double scaled = std::nearbyint(at(i) * factor);
    if (!(scaled >= -bound && scaled < bound))
      throw Error(what + ": the value at index " + std::to_string(i) +
                  " is not finite or too large for scale " +
                  std::to_string(scale));
    use(i, int64_t(scaled));
  }
}

template <class At>
Array encodeWith(size_t n, At at, const WireType &type, unsigned arrayRing,
                 const std::string &what) {
  Array out(n);
  forScaled(n, at, type.scale, what, [&](size_t i, int64_t value) {
    out.data()[i] = uint64_t(value) & ringMask(arrayRing);
  });
  return out;
}

} // namespace

Array encode(const Tensor &tensor, const WireType &type, unsigned arrayRing,
             const std::string &what) {
  return encodeWith(
      tensor.size(), [&](size_t i) { return tensor.at(i); }, type, arrayRing,
      what);
}

Array encode(std::span<const float> values, const WireType &type,
             unsigned arrayRing, const std::string &what) {
  return encodeWith(
      values.size(), [&](size_t i) { return double(values[i]); }, type,
      arrayRing, what);
}

void checkEncodable(std::span<const float> values, unsigned scale,
                    const std::string &what) {
  forScaled(
      values.size(), [&](size_t i) { return double(values[i]); }, scale, what,
      [](size_t, int64_t) {});
}

Tensor decode(const Array &value, const Shape &shape, unsigned scale,
              unsigned ring, DType dtype) {
  std::vector<double> numbers(value.size());
  for (size_t i = 0; i < value.size(); ++i)
    numbers[i] =
        std::ldexp(double(toSigned(value.data()[i], ring)), -int(scale));
  return makeTensor(dtype, shape, numbers);
}

const Tensor &findInput(const TensorMap *inputs, const std::string &name,
                        const Shape &shape) {
  auto found = inputs ? inputs->find(name) : TensorMap::const_iterator();
  if (!inputs || found == inputs->end())
    throw Error("input '" + name + "' is missing");
  if (elementCount(shape) != found->second.size())
    throw Error("input '" + name + "' has shape " +
                toString(found->second.shape) + ", expected " +
                toString(shape));
  return found->second;
}

Array toDoubles(std::span<const float> values) {
  Array out(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    out.data()[i] = std::bit_cast<uint64_t>(double(values[i]));
  return out;
}

Array toDoubles(const Tensor &tensor) {
  Array out(tensor.size());
  for (size_t i = 0; i < tensor.size(); ++i)
    out.data()[i] = std::bit_cast<uint64_t>(tensor.at(i));
  return out;
}

} // namespace secformer::runtime
