//===- Compare.cpp - comparison with public thresholds --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Is x >= c, for a masked x = Delta - delta? Drop t low bits of both and keep m
// bits: d = delta >> t, and e = (Delta - c + h) >> t with h = 2^(t-1), or 1 for
// t = 0. Then e - 1 - d is (x - c) / 2^t up to less than half a unit, and x >=
// c where it is not negative: where d lies in the half circle [e - 2^(m-1), e)
// of the integers modulo 2^m (docs/protocols.md).
//
// e and d are cut into chunks. For each chunk u of d the dealer deals XOR
// shares of the steps [u < v], v = 0 .. 2^b - 1. Two bits a chunk are local
// then:
//   top chunk    P = [u in the half circle below v],  Q = [u = v modulo
//   2^(b-1)] other chunk  P = [u < v],                         Q = [u = v]
// with v the chunk of e, and the decision is P ^ (Q & the decision below).
// The bits (the last chunk's Q is not needed) are opened under fresh bits that
// the dealer knows: one round, 2 chunks - 1 bits an element and threshold.
//
// With the opened bits o and their masks u the decision is a public function of
// o ^ u, and P of the top chunk enters it by XOR. So the dealer deals it, times
// 1 (`indicator`) or times a masked value too (`select`), for each of the
// 2^(2 chunks - 2) values that the other opened bits may have.
//
//===----------------------------------------------------------------------===//

#include "runtime/Blocks.h"
#include "runtime/Dealer.h"
#include "runtime/Kernels.h"
#include "runtime/Party.h"
#include "runtime/Preparation.h"
#include "runtime/Reference.h"
#include "runtime/Ring.h"

#include <numeric>
#include <stdexcept>

namespace secformer::runtime {
namespace {

/// Bits opened for one decision.
unsigned decisionBits(const Comparison &with) {
  return 2 * unsigned(with.chunks.size()) - 1;
}

unsigned comparedBits(const Comparison &with) {
  return std::accumulate(with.chunks.begin(), with.chunks.end(), 0U);
}

/// How far from a threshold, in units, the answer is right.
uint64_t margin(const Comparison &with) {
  return with.drop == 0 ? 1 : uint64_t(1) << (with.drop - 1);
}

void check(const WireType &x, const Comparison &with) {
  bool fits = !with.chunks.empty() && with.chunks.size() <= 4 &&
              !with.thresholds.empty() &&
              comparedBits(with) + with.drop <= x.ring;
  for (unsigned bits : with.chunks)
    fits = fits && bits >= 1 && bits <= 8;
  if (!fits)
    throw std::logic_error("compare: the comparison does not fit the operand");
}

/// The type of decided bits: `ring` says how many there are.
WireType decidedType(const WireType &x, const Comparison &with) {
  return {x.shape, 0, decisionBits(with)};
}

/// One chunk of the compared bits and where its two bits stand.
struct Chunk {
  unsigned low;   // its lowest bit
  unsigned bits;  // b
  unsigned place; // of P; Q stands above it
  bool top, bottom;

  size_t words() const { return bits > 6 ? size_t(1) << (bits - 6) : 1; }
  unsigned wordBits() const { return bits > 6 ? 64 : 1U << bits; }
  uint64_t of(uint64_t value) const { return value >> low & ringMask(bits); }
};

std::vector<Chunk> chunksOf(const Comparison &with) {
  std::vector<Chunk> chunks;
  unsigned low = comparedBits(with), last = unsigned(with.chunks.size()) - 1;
  for (unsigned i = 0; i <= last; ++i) {
    low -= with.chunks[i];
    chunks.push_back({low, with.chunks[i], 2 * i, i == 0, i == last});
  }
  return chunks;
}

/// The steps [u < v] of chunks of masks, an element after the other.
void fillSteps(uint64_t *steps, size_t n, const uint64_t *mask, Chunk chunk) {
  const size_t words = chunk.words();
  for (size_t i = 0; i < n; ++i) {
    const uint64_t u = chunk.of(mask[i]);
    for (size_t w = 0; w < words; ++w) {
      uint64_t above = ~uint64_t(1) << (u % 64); // bits above u
      steps[i * words + w] = w == u / 64  ? above & ringMask(chunk.wordBits())
                             : w > u / 64 ? ~uint64_t(0)
                                          : 0;
    }
  }
}

/// Adds a party's shares of P and Q of one chunk to its bits. \p one is its
/// share of a public 1.
void addChunk(uint64_t *bits, size_t n, const uint64_t *end,
              const uint64_t *steps, Chunk chunk, uint64_t one) {
  const uint64_t half = uint64_t(1) << (chunk.bits - 1);
  for (size_t i = 0; i < n; ++i, steps += chunk.words()) {
    auto step = [&](uint64_t v) {
      return v >> chunk.bits ? one : steps[v / 64] >> (v % 64) & 1;
    };
    const uint64_t v = chunk.of(end[i]), opposite = v ^ half;
    uint64_t p = step(v), q = step(v) ^ step(v + 1);
    if (chunk.top) {
      p ^= step(opposite) ^ (v < half ? one : 0);
      q ^= step(opposite) ^ step(opposite + 1);
    }
    bits[i] |= p << chunk.place;
    if (!chunk.bottom)
      bits[i] |= q << (chunk.place + 1);
  }
}

/// What bits decide: P ^ (Q & what the lower chunks decide).
uint64_t decision(uint64_t bits, unsigned count) {
  uint64_t below = bits >> (count - 1) & 1;
  for (unsigned place = count - 1; place > 0; place -= 2)
    below = (bits >> (place - 2) & 1) ^ (bits >> (place - 1) & below);
  return below;
}

/// The same if the top chunk's P was opened as 0, for every value that the
/// other opened bits may have: all of the first, all of the second, ...
void fillDecisions(uint64_t *table, size_t n, const uint64_t *mask,
                   unsigned count) {
  for (uint64_t opened = 0; opened < uint64_t(1) << (count - 1); ++opened)
    for (size_t i = 0; i < n; ++i)
      *table++ = decision(opened << 1 ^ mask[i], count);
}

/// Decided bits of one threshold.
struct Decided {
  const uint64_t *bits;
  unsigned count;
  size_t cases() const { return size_t(1) << (count - 1); }
};

} // namespace

//===-- compare: one round ------------------------------------------------===//

Wire Party::compare(Wire x, const Comparison &with) {
  const Slot &slot = get(x, Kind::Masked, "compare");
  check(slot.type, with);
  const unsigned m = comparedBits(with), count = decisionBits(with);
  const size_t n = slot.parts[0].size(), decisions = with.thresholds.size();
  std::vector<Array> ends;
  for (int64_t threshold : with.thresholds)
    ends.push_back(kernels::shiftRight(
        kernels::affine(slot.parts[0], 1, margin(with) - uint64_t(threshold),
                        m + with.drop),
        with.drop, m));
  Array mine = Array::filled(decisions * n, 0);
  for (const Chunk &chunk : chunksOf(with)) {
    const StreamId stream{Purpose::Correction, phase(), nextOperation()};
    Array steps(chunk.words() * std::min(blockSize, n));
    forBlocks(n, [&](size_t first, size_t length) {
      dealt(steps.words().first(chunk.words() * length), chunk.wordBits(),
            stream, chunk.words() * first);
      for (size_t i = 0; i < decisions; ++i)
        addChunk(mine.data() + i * n + first, length, ends[i].data() + first,
                 steps.data(), chunk, id == 0);
    });
  }
  const Array mask = freshMask(mine.size(), count, nextOperation());
  for (size_t i = 0; i < mine.size(); ++i)
    mine.data()[i] ^= mask.data()[i];
  queue(mine, count);
  Wire result = makePending(
      {Kind::Decided, decidedType(slot.type, with), {Array()}}, "compare");
  expect(mine.size(), count, [=, this](const Array &theirs) {
    Array opened(theirs.size());
    for (size_t i = 0; i < opened.size(); ++i)
      opened.data()[i] = mine.data()[i] ^ theirs.data()[i];
    parts(result)[0] = opened;
  });
  return result;
}

Wire Dealer::compare(Wire x, const Comparison &with) {
  const Slot &slot = get(x, Kind::Masked, "compare");
  check(slot.type, with);
  const unsigned m = comparedBits(with), count = decisionBits(with);
  const Array d = kernels::shiftRight(totalMask(slot), with.drop, m);
  const size_t n = d.size(), decisions = with.thresholds.size() * n;
  for (const Chunk &chunk : chunksOf(with)) {
    const StreamId stream{Purpose::Correction, phase(), nextOperation()};
    Array steps(chunk.words() * std::min(blockSize, n));
    forBlocks(n, [&](size_t first, size_t length) {
      fillSteps(steps.data(), length, d.data() + first, chunk);
      dealXor(steps.words().first(chunk.words() * length), chunk.wordBits(),
              stream, chunk.words() * first);
    });
  }
  const uint32_t op = nextOperation();
  Array mask = maskShare(0, decisions, count, op);
  const Array other = maskShare(1, decisions, count, op);
  for (size_t i = 0; i < decisions; ++i)
    mask.data()[i] ^= other.data()[i];
  return makePending({Kind::Decided, decidedType(slot.type, with), {mask}},
                     "compare");
}

Wire Preparation::compare(Wire x, const Comparison &with) {
  const WireType &type = get(x, Kind::Masked, "compare").type;
  for (const Chunk &chunk : chunksOf(with)) {
    nextOperation();
    forBlocks(elementCount(type.shape), [&](size_t, size_t n) {
      forward(chunk.words() * n, chunk.wordBits());
    });
  }
  nextOperation(); // the masks of the bits
  return makePending({Kind::Decided, decidedType(type, with), {}}, "compare");
}

Wire Reference::compare(Wire x, const Comparison &with) {
  const Slot &slot = get(x, Kind::Masked, "compare");
  check(slot.type, with);
  const Array &value = slot.parts[0];
  const auto [least, most] =
      std::minmax_element(with.thresholds.begin(), with.thresholds.end());
  const auto reach = int64_t(
      (uint64_t(1) << (comparedBits(with) + with.drop - 1)) - margin(with));
  checkRange(slot, *most - reach, *least + reach, "compare");
  Array answers(with.thresholds.size() * value.size());
  for (size_t i = 0; i < answers.size(); ++i)
    answers.data()[i] = int64_t(value.data()[i % value.size()]) >=
                        with.thresholds[i / value.size()];
  return makePending({Kind::Decided, decidedType(slot.type, with), {answers}},
                     "compare");
}

//===-- indicator and select: local ---------------------------------------===//

/// The part of a decided value for one threshold.
static Decided decidedBits(const Array &all, const WireType &type,
                           unsigned index, const WireType &result) {
  const size_t n = elementCount(type.shape);
  if (index >= all.size() / n || result.shape != type.shape)
    throw std::logic_error(
        "the decision has another shape or fewer thresholds");
  return {all.data() + index * n, type.ring};
}

template <class Factor>
Wire Party::decide(const Slot &decided, unsigned index, const WireType &result,
                   unsigned kinds, Factor factor) {
  const Decided opened =
      decidedBits(decided.parts[0], decided.type, index, result);
  const StreamId stream{Purpose::Correction, phase(), nextOperation()};
  const size_t each = kinds * opened.cases();
  const uint64_t keep = ringMask(result.ring);
  Array out(elementCount(result.shape));
  Array words(each * std::min(blockSize, out.size()));
  forBlocks(out.size(), [&](size_t first, size_t n) {
    dealt(words.words().first(each * n), result.ring, stream, each * first);
    for (size_t i = 0; i < n; ++i) {
      const uint64_t bits = opened.bits[first + i];
      const auto [whole, product] = factor(
          first + i, words.data() + (bits >> 1) * n + i, opened.cases() * n);
      out.data()[first + i] = (bits & 1 ? whole - product : product) & keep;
    }
  });
  return make({Kind::Shared, result, {out}});
}

Wire Party::indicator(Wire decided, unsigned index, const WireType &result) {
  const uint64_t one = id == 0;
  return decide(get(decided, Kind::Decided, "indicator"), index, result, 1,
                [=](size_t, const uint64_t *word, size_t) {
                  return std::pair(one, *word);
                });
}

Wire Dealer::decide(const Slot &decided, unsigned index, const WireType &result,
                    const Array *d) {
  const Decided mask =
      decidedBits(decided.parts[0], decided.type, index, result);
  const StreamId stream{Purpose::Correction, phase(), nextOperation()};
  const size_t each = size_t(d ? 2 : 1) * mask.cases();
  const size_t total = elementCount(result.shape);
  Array words(each * std::min(blockSize, total));
  forBlocks(total, [&](size_t first, size_t n) {
    fillDecisions(words.data(), n, mask.bits + first, mask.count);
    const size_t half = mask.cases() * n;
    for (size_t i = 0; d && i < half; ++i)
      words.data()[half + i] = words.data()[i] * d->data()[first + i % n];
    deal(words.words().first(each * n), result.ring, stream, each * first);
  });
  return make({Kind::Shared, result, {}});
}

Wire Dealer::indicator(Wire decided, unsigned index, const WireType &result) {
  return decide(get(decided, Kind::Decided, "indicator"), index, result,
                nullptr);
}

void Preparation::forwardDecision(Wire decided, size_t kinds,
                                  const WireType &result) {
  const WireType &type = get(decided, Kind::Decided, "decision").type;
  const size_t each = kinds << (type.ring - 1);
  nextOperation();
  forBlocks(elementCount(result.shape),
            [&](size_t, size_t n) { forward(each * n, result.ring); });
}

Wire Preparation::indicator(Wire decided, unsigned index,
                            const WireType &result) {
  forwardDecision(decided, 1, result);
  return Bystander::indicator(decided, index, result);
}

Wire Reference::indicator(Wire decided, unsigned index,
                          const WireType &result) {
  const Slot &slot = get(decided, Kind::Decided, "indicator");
  const Decided answer = decidedBits(slot.parts[0], slot.type, index, result);
  Array out(elementCount(result.shape));
  std::copy_n(answer.bits, out.size(), out.data());
  return make({Kind::Shared, result, {out}});
}

static void checkSelect(const WireType &x, const WireType &result) {
  if (result.shape != x.shape || result.scale != x.scale ||
      result.ring > x.ring)
    throw std::logic_error(
        "select: the result's type does not fit the operand's");
}

/// With s = P ^ w, P opened and w dealt, s (x - offset) is P ? y - w y : w y
/// where y = Y - d is x - offset and the dealer deals w d beside w.
Wire Party::select(Wire decided, Wire x, unsigned index, int64_t offset,
                   const WireType &result) {
  const Slot &slot = get(decided, Kind::Decided, "select");
  const Slot &value = get(x, Kind::Masked, "select");
  checkSelect(value.type, result);
  const uint64_t one = id == 0;
  const Array mask = dense(value, 1);
  const uint64_t *delta = value.parts[0].data(), *own = mask.data();
  return decide(
      slot, index, result, 2, [=](size_t i, const uint64_t *word, size_t half) {
        const uint64_t open = delta[i] - uint64_t(offset);
        return std::pair(one * open - own[i], open * word[0] - word[half]);
      });
}

Wire Dealer::select(Wire decided, Wire x, unsigned index, int64_t,
                    const WireType &result) {
  const Slot &slot = get(decided, Kind::Decided, "select");
  const Slot &value = get(x, Kind::Masked, "select");
  checkSelect(value.type, result);
  const Array d = totalMask(value);
  return decide(slot, index, result, &d);
}

Wire Preparation::select(Wire decided, Wire x, unsigned index, int64_t offset,
                         const WireType &result) {
  forwardDecision(decided, 2, result);
  return Bystander::select(decided, x, index, offset, result);
}

Wire Reference::select(Wire decided, Wire x, unsigned index, int64_t offset,
                       const WireType &result) {
  const Slot &slot = get(decided, Kind::Decided, "select");
  const Slot &value = get(x, Kind::Masked, "select");
  const Decided answer = decidedBits(slot.parts[0], slot.type, index, result);
  checkSelect(value.type, result);
  Array out(value.parts[0].size());
  for (size_t i = 0; i < out.size(); ++i)
    out.data()[i] =
        answer.bits[i] * (value.parts[0].data()[i] - uint64_t(offset));
  return make({Kind::Shared, result, {out}});
}

} // namespace secformer::runtime
