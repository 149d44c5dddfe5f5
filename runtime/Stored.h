//===- Stored.h - how weights and masked inputs wait for their readers ----===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Weights are most of a program's memory, and matrix products read them as they
// lie: an owner's in its weight file, the masks and openings of others in words
// of 32 bits where the ring allows. Everything else gets arrays of them when it
// asks. Inputs that an owner masks are held alike: token ids are long one-hot
// rows.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_STORED_H
#define SECFORMER_RUNTIME_STORED_H

#include "runtime/Array.h"
#include "runtime/Gemm.h"
#include "runtime/Prg.h"
#include "runtime/Wire.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace secformer::runtime {

/// An operand of a matrix product without gaps: an array, or words or floats
/// that somebody else keeps.
class Factor {
public:
  Factor(Array words) // NOLINT(google-explicit-constructor)
      : format(Matrix::Format::Words64), words(std::move(words)) {}
  Factor(Matrix::Format format, const void *data, unsigned scale = 0)
      : format(format), data(data), scale(scale) {}

  /// The matrix that begins \p offset elements after the first.
  Matrix matrix(size_t offset, size_t columns) const {
    const Matrix all{format, data ? data : words.data(), columns, 1, scale};
    return all.from(0, offset);
  }

  /// The words, if they are in an array.
  const Array &array() const { return words; }

private:
  Matrix::Format format;
  Array words;
  const void *data = nullptr;
  unsigned scale = 0;
};

class Stored {
public:
  virtual ~Stored() = default;
  /// The parts as arrays; null parts stay null.
  virtual std::vector<Array> load() const = 0;
  virtual bool holds(unsigned part) const = 0;
  /// A part that it holds.
  virtual Factor part(unsigned index) const = 0;
  /// The value itself, to a party that owns it.
  virtual std::optional<Factor> value() const { return {}; }
};

/// Parts in words of 32 bits.
class NarrowParts final : public Stored {
public:
  /// Makes n words piece by piece: fill(first element, words to write).
  using Fill = std::function<void(size_t first, std::span<uint64_t> words)>;
  static constexpr unsigned widestRing = 32;
  static constexpr size_t piece = size_t(1) << 14; // words, a multiple of 128

  /// Null functions are null parts.
  NarrowParts(size_t n, const std::vector<Fill> &fills);
  explicit NarrowParts(const std::vector<Array> &parts);

  std::vector<Array> load() const override;
  bool holds(unsigned part) const override { return !words[part].empty(); }
  Factor part(unsigned index) const override {
    return {Matrix::Format::Words32, words[index].data()};
  }

private:
  std::vector<std::vector<uint32_t>> words;
};

/// Weights as their owner has them; masked by the owner alone, or not yet.
class OwnFloats final : public Stored {
public:
  /// \p values live as long as the session and are encodable (Encoding.h).
  OwnFloats(std::span<const float> values, WireType type)
      : values(values), type(std::move(type)) {}
  /// The same with a mask, drawn when somebody asks for it.
  OwnFloats maskedWith(const Randomness &randomness, StreamId stream) const;

  /// The value; or its opening Delta and the owner's mask.
  std::vector<Array> load() const override;
  bool holds(unsigned) const override { return true; }
  Factor part(unsigned index) const override { return load()[index]; }
  std::optional<Factor> value() const override {
    return Factor(Matrix::Format::Floats, values.data(), type.scale);
  }
  /// The integers from element \p first on, modulo 2^ring.
  void encodePiece(size_t first, std::span<uint64_t> words) const;

private:
  std::span<const float> values;
  WireType type;
  const Randomness *masks = nullptr;
  std::optional<StreamId> stream; ///< of the masks
};

/// Words of an owner under its mask, which is drawn when somebody asks for it.
class OwnWords final : public Stored {
public:
  OwnWords(Array words, unsigned ring, const Randomness &randomness,
           StreamId stream)
      : words(std::move(words)), ring(ring), masks(randomness), stream(stream) {
  }

  /// The opening Delta and the owner's mask.
  std::vector<Array> load() const override;
  bool holds(unsigned) const override { return true; }
  Factor part(unsigned index) const override { return load()[index]; }
  std::optional<Factor> value() const override { return Factor(words); }

private:
  const Array words;
  const unsigned ring;
  const Randomness &masks;
  const StreamId stream;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_STORED_H
