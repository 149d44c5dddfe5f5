//===- MergeTruncations.cpp - truncation and opening in one round ---------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// A truncation of which the result is opened takes a round that the opening can
// save. Its other readers get shares of the opened wire, which are free and
// come no later. What each risks adds up, so the safest are merged.
//
//===----------------------------------------------------------------------===//

#include "passes/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

namespace secformer {
#define GEN_PASS_DEF_MERGETRUNCATIONS
#include "passes/Passes.h.inc"
} // namespace secformer

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static SmallVector<Operation *> openingsOf(TruncateOp truncate) {
  return llvm::to_vector(llvm::make_filter_range(
      truncate->getUsers(), [](Operation *user) { return isa<OpenOp>(user); }));
}

static void merge(TruncateOp truncate, bool statistical) {
  OpBuilder builder(truncate);
  SharedType type = truncate.getResult().getType();
  auto masked = MaskedType::get(type.getContext(), type.getShape(),
                                type.getScale(), type.getRing());
  auto merged = TruncateOpenOp::create(builder, truncate.getLoc(), masked,
                                       truncate.getInput(), truncate.getBound(),
                                       statistical);
  for (Operation *open : openingsOf(truncate)) {
    open->replaceAllUsesWith(merged);
    open->erase();
  }
  // What is watched may be masked.
  truncate.getResult().replaceUsesWithIf(
      merged.getResult(),
      [](OpOperand &use) { return isa<ProbeOp>(use.getOwner()); });
  if (!truncate.use_empty())
    truncate.replaceAllUsesWith(
        UnmaskOp::create(builder, truncate.getLoc(), type, merged.getResult())
            .getResult());
  truncate.erase();
}

namespace {
struct MergeTruncations
    : secformer::impl::MergeTruncationsBase<MergeTruncations> {
  using MergeTruncationsBase::MergeTruncationsBase;

  void runOnOperation() override {
    if (mode == "exact")
      return;
    if (mode != "merged" && mode != "statistical") {
      getOperation().emitError("unknown truncation '")
          << mode << "': expected exact, merged or statistical";
      return signalPassFailure();
    }
    const bool statistical = mode == "statistical";
    SmallVector<std::pair<double, TruncateOp>> opened;
    getOperation().walk([&](TruncateOp truncate) {
      // What was narrowed is not known in the widest ring.
      if (truncate.getInput().getType().getRing() >= maxRing &&
          !openingsOf(truncate).empty())
        opened.push_back({openingChance(truncate.getInput().getType(),
                                        truncate.getBound().convertToDouble(),
                                        maxRing, statistical),
                          truncate});
    });
    llvm::stable_sort(
        opened, [](const auto &a, const auto &b) { return a.first < b.first; });
    const double allowed = std::ldexp(1.0, -int(bits));
    double risked = 0;
    for (auto [chance, truncate] : opened) {
      risked += chance;
      if (risked > allowed)
        break;
      merge(truncate, statistical);
    }
  }
};
} // namespace
