//===- GemmTest.cpp - matrix products agree bit for bit -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Gemm.h"
#include "runtime/Encoding.h"
#include "runtime/Error.h"
#include "runtime/GemmKernels.h"
#include "runtime/Ring.h"

#include "tests/Random.h"
#include "tests/runtime/WithThreads.h"

#include <gtest/gtest.h>
#include <vector>

namespace secformer::runtime {
namespace {

using Words = std::vector<uint64_t>;

struct Sizes {
  size_t rows, columns, depth;
};
constexpr Sizes cases[] = {
    {1, 1, 1},    {1, 1, 600},   {3, 5, 2},    {8, 24, 16},   {9, 25, 17},
    {7, 23, 255}, {4, 300, 256}, {6, 33, 5},   {8, 48, 385},  {97, 100, 257},
    {96, 768, 2}, {129, 257, 3}, {1, 1600, 7}, {200, 31, 400}};

/// Operands of one size in every format, their words and their neighbours
/// random, so that what reads beyond them or the ring shows.
class Operands {
public:
  Operands(size_t rows, size_t columns, std::mt19937_64 &random)
      : columns(columns), wide(rows * columns + 1), narrow(wide.size()),
        floats(wide.size()) {
    for (size_t i = 0; i < wide.size(); ++i) {
      wide[i] = random();
      narrow[i] = uint32_t(random());
      // 2^-9 units of the last place, half of them ties when rounded.
      floats[i] = float(int64_t(random() % 65536) - 32768) / 512;
    }
  }

  static constexpr unsigned scale = 8;

  Matrix dense(Matrix::Format format) const {
    return select(format, columns, 1);
  }
  /// A transposed view: what lies here is the transpose.
  Matrix transposed(Matrix::Format format, size_t rows) const {
    return select(format, 1, rows);
  }
  /// The last columns of wider rows.
  Matrix part(Matrix::Format format, size_t rowStride) const {
    return select(format, rowStride, 1);
  }
  /// One row for all.
  Matrix repeated(Matrix::Format format) const { return select(format, 0, 1); }

private:
  Matrix select(Matrix::Format format, size_t row, size_t column) const {
    switch (format) {
    case Matrix::Format::Words64:
      return Matrix::words(wide.data(), row, column);
    case Matrix::Format::Words32:
      return Matrix::words(narrow.data(), row, column);
    case Matrix::Format::Floats:
      return Matrix::encoded(floats.data(), scale, row, column);
    }
    return {};
  }

  size_t columns;
  Words wide;
  std::vector<uint32_t> narrow;
  std::vector<float> floats;
};

/// What an element stands for, by the encoder for floats.
uint64_t elementOf(const Matrix &m, size_t row, size_t column) {
  const Matrix at = m.from(row, column);
  switch (at.format) {
  case Matrix::Format::Words64:
    return *static_cast<const uint64_t *>(at.data);
  case Matrix::Format::Words32:
    return *static_cast<const uint32_t *>(at.data);
  case Matrix::Format::Floats:
    return encode(std::span(static_cast<const float *>(at.data), 1),
                  {{1}, at.scale, 64}, 64, "test")
        .data()[0];
  }
  return 0;
}

Words naive(Words C, const Matrix &A, const Matrix &B, Sizes s, unsigned ring,
            Sign sign) {
  Words a, b;
  for (size_t i = 0; i < s.rows; ++i)
    for (size_t k = 0; k < s.depth; ++k)
      a.push_back(elementOf(A, i, k));
  for (size_t k = 0; k < s.depth; ++k)
    for (size_t j = 0; j < s.columns; ++j)
      b.push_back(elementOf(B, k, j));
  for (size_t i = 0; i < s.rows; ++i)
    for (size_t j = 0; j < s.columns; ++j) {
      uint64_t sum = 0;
      for (size_t k = 0; k < s.depth; ++k)
        sum += a[i * s.depth + k] * b[k * s.columns + j];
      uint64_t &c = C[i * s.columns + j];
      c = (sign == Sign::Plus ? c + sum : c - sum) & ringMask(ring);
    }
  return C;
}

Words randomWords(size_t n, std::mt19937_64 &random) {
  Words words(n);
  for (uint64_t &word : words)
    word = random();
  return words;
}

/// Every path gives what the naive product gives.
void expectAll(const Matrix &A, const Matrix &B, Sizes s, unsigned ring,
               Sign sign, std::mt19937_64 &random) {
  const Words C = randomWords(s.rows * s.columns, random);
  const Words expected = naive(C, A, B, s, ring, sign);
  for (Path path : availablePaths()) {
    Words result = C;
    const MatrixProduct product{result.data(), A, B};
    detail::gemmOn(path, {&product, 1}, s.rows, s.columns, s.depth, ring, sign);
    EXPECT_TRUE(result == expected)
        << pathName(path) << " " << s.rows << "x" << s.depth << "x" << s.columns
        << " ring " << ring;
  }
}

TEST(Gemm, EveryPathGivesTheSameBits) {
  auto random = seeded(7);
  const auto words = Matrix::Format::Words64;
  for (Sizes s : cases) {
    const Operands A(s.rows, s.depth, random), B(s.depth, s.columns, random);
    for (unsigned ring : {1U, 17U, 32U, 33U, 52U, 53U, 64U})
      for (Sign sign : {Sign::Plus, Sign::Minus})
        expectAll(A.dense(words), B.dense(words), s, ring, sign, random);
  }
}

TEST(Gemm, EveryFormatAndStride) {
  auto random = seeded(8);
  using F = Matrix::Format;
  for (Sizes s : {Sizes{1, 300, 19}, Sizes{5, 17, 9}, Sizes{33, 70, 41}}) {
    const Operands A(s.rows, s.depth + 3, random);
    const Operands B(s.depth, s.columns + 5, random);
    for (F left : {F::Words64, F::Words32, F::Floats})
      for (F right : {F::Words64, F::Words32, F::Floats})
        for (unsigned ring : {30U, 48U, 64U}) {
          const Matrix as[] = {A.part(left, s.depth + 3).from(0, 3),
                               A.transposed(left, s.rows), A.repeated(left)};
          const Matrix bs[] = {B.part(right, s.columns + 5).from(0, 5),
                               B.transposed(right, s.depth), B.repeated(right)};
          for (const Matrix &a : as)
            for (const Matrix &b : bs)
              expectAll(a, b, s, ring, Sign::Minus, random);
        }
  }
}

TEST(Gemm, FloatsAsTheEncoderHasThem) {
  // Ties both ways, zeros, denormals and the largest that fits.
  const float values[] = {0.5F,  1.5F,   -0.5F,   -2.5F, 0.0F,
                          -0.0F, 1e-40F, 0x1p61F, 3.25F, -0x1.fffffep61F};
  constexpr size_t n = std::size(values);
  const uint64_t one = 1;
  checkEncodable(values, 0, "test");
  const Array expected = encode(values, {{int64_t(n)}, 0, 64}, 64, "test");
  for (Path path : availablePaths()) {
    // As the left operand the numbers are packed, as the right one streamed.
    Words column(n), row(n);
    const MatrixProduct down{column.data(), Matrix::encoded(values, 0, 1),
                             Matrix::words(&one, 1)};
    const MatrixProduct right{row.data(), Matrix::words(&one, 1),
                              Matrix::encoded(values, 0, n)};
    detail::gemmOn(path, {&down, 1}, n, 1, 1, 64, Sign::Plus);
    detail::gemmOn(path, {&right, 1}, 1, n, 1, 64, Sign::Plus);
    for (size_t i = 0; i < n; ++i) {
      EXPECT_EQ(column[i], expected.data()[i]) << i << pathName(path);
      EXPECT_EQ(row[i], expected.data()[i]) << i << pathName(path);
    }
  }
}

TEST(Gemm, FloatsPackedAsWordsOf32Bits) {
  // Ties, denormals, the last below 2^31, and in the second half one above it.
  constexpr size_t rows = 9, n = 70;
  std::vector<float> values(2 * n);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = (float(i) - 40) / 8;
  values[3] = 1e-40F;
  values[4] = -0x1.fffffep26F;
  values[n + 5] = 0x1p50F;
  const Words ones(rows, 1);
  for (Path path : availablePaths())
    for (size_t half : {0, 1}) {
      const auto some = std::span(values).subspan(half * n, n);
      const Array expected = encode(some, {{n}, 4, 32}, 32, "test");
      Words C(rows * n);
      const MatrixProduct product{C.data(), Matrix::words(ones.data(), 1),
                                  Matrix::encoded(some.data(), 4, n)};
      detail::gemmOn(path, {&product, 1}, rows, n, 1, 32, Sign::Plus);
      for (size_t i = 0; i < C.size(); ++i)
        ASSERT_EQ(C[i], expected.data()[i % n]) << i << pathName(path);
    }
}

TEST(Gemm, UnencodableFloatsAreNamed) {
  for (float bad : {0x1p62F, -0x1.000002p62F, INFINITY, NAN}) {
    const float values[] = {1, bad};
    try {
      checkEncodable(values, 0, "weight 'w'");
      FAIL();
    } catch (const Error &error) {
      EXPECT_STREQ(error.what(), "weight 'w': the value at index 1 is not "
                                 "finite or too large for scale 0");
    }
  }
}

TEST(Gemm, ThreadsGiveTheSameBits) {
  auto random = seeded(9);
  const auto words = Matrix::Format::Words64;
  for (Sizes s : {Sizes{64, 200, 150}, Sizes{2, 3000, 300}})
    for (size_t batch : {1, 2, 5}) {
      const Operands A(s.rows * batch, s.depth, random);
      const Operands B(s.depth * batch, s.columns, random);
      const Words C = randomWords(batch * s.rows * s.columns, random);
      auto run = [&] {
        Words result = C;
        std::vector<MatrixProduct> products;
        for (size_t i = 0; i < batch; ++i)
          products.push_back({result.data() + i * s.rows * s.columns,
                              A.dense(words).from(i * s.rows, 0),
                              B.dense(words).from(i * s.depth, 0)});
        gemm(products, s.rows, s.columns, s.depth, 48, Sign::Plus);
        return result;
      };
      const Words expected = run();
      for (size_t count : {2, 3, 4, 7}) {
        WithThreads scope(count);
        EXPECT_TRUE(run() == expected) << count << " " << batch;
      }
    }
}

TEST(Gemm, NothingToDo) {
  gemm({}, 3, 4, 5, 48, Sign::Plus);
  const uint64_t word = 7;
  uint64_t C = 9;
  const MatrixProduct product{&C, Matrix::words(&word, 1),
                              Matrix::words(&word, 1)};
  gemm({&product, 1}, 1, 1, 0, 48, Sign::Plus);
  gemm({&product, 1}, 0, 1, 1, 48, Sign::Plus);
  EXPECT_EQ(C, 9U);
}

} // namespace
} // namespace secformer::runtime
