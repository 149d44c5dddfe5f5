//===- Owners.cpp - whose the weights, inputs and results are -------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/NNToMPC/Owners.h"
#include "dialect/NN/Evaluator.h"
#include "passes/NN/Attributes.h"

using namespace mlir;
using namespace secformer;
using mpc::Owner;

/// The owner called \p name, if it is one of \p allowed.
static FailureOr<unsigned> ownerAmong(func::FuncOp function, StringRef option,
                                      StringRef given, StringRef name,
                                      ArrayRef<Owner> allowed) {
  std::optional<unsigned> owner = mpc::ownerNamed(name);
  if (owner && llvm::is_contained(allowed, Owner(*owner)))
    return *owner;
  auto error = function.emitError(option) << "=" << given << ": expected ";
  for (auto [index, each] : llvm::enumerate(allowed))
    error << (index == 0                    ? ""
              : index + 1 == allowed.size() ? " or "
                                            : ", ")
          << mpc::ownerName(each);
  return error << ", found '" << name << "'";
}

/// Entries of --inputs-of: one without a name holds for the inputs that none
/// names.
static LogicalResult readInputOwners(func::FuncOp function,
                                     ArrayRef<std::string> entries,
                                     MutableArrayRef<unsigned> owners) {
  constexpr StringLiteral option = "--inputs-of";
  SmallVector<bool> named(owners.size());
  std::optional<unsigned> rest;
  for (StringRef entry : entries) {
    const size_t equals = entry.rfind('=');
    const bool one = equals != StringRef::npos;
    auto owner = ownerAmong(function, option, entry,
                            one ? entry.drop_front(equals + 1) : entry,
                            {mpc::kParty1, mpc::kParty0, mpc::kClient});
    if (failed(owner))
      return failure();
    if (!one) {
      if (rest)
        return function.emitError(option)
               << "=" << entry << ": the owner of all inputs is given twice";
      rest.emplace(*owner);
      continue;
    }
    const StringRef name = entry.take_front(equals);
    unsigned index = 0;
    while (index < owners.size() && nn::argumentName(function, index) != name)
      ++index;
    if (index == owners.size()) {
      auto error = function.emitError(option)
                   << "=" << entry << ": the model has no such input; it has ";
      for (unsigned i = 0; i < owners.size(); ++i)
        error << (i ? ", '" : "'") << nn::argumentName(function, i) << "'";
      return error;
    }
    if (named[index])
      return function.emitError(option) << "=" << entry << ": the owner of '"
                                        << name << "' is given twice";
    named[index] = true;
    owners[index] = *owner;
  }
  for (auto [owner, isNamed] : llvm::zip(owners, named))
    if (!isNamed && rest)
      owner = *rest;
  return success();
}

FailureOr<Owners> secformer::ownersOf(func::FuncOp function,
                                      const OwnerOptions &options) {
  Owners owners;
  auto weights = ownerAmong(function, "--weights-of", options.weights,
                            options.weights, {mpc::kParty0, mpc::kProvider});
  owners.inputs.assign(function.getNumArguments(), mpc::kParty1);
  if (failed(weights) ||
      failed(readInputOwners(function, options.inputs, owners.inputs)))
    return failure();
  owners.weights = *weights;

  // The client shares before the parties run: it can ask nobody.
  auto isPublic = [&](unsigned index) {
    return bool(function.getArgAttr(index, nn::publicAttr));
  };
  if (llvm::is_contained(owners.inputs, unsigned(mpc::kClient)))
    for (auto [index, owner] : llvm::enumerate(owners.inputs))
      if (isPublic(index) && owner != mpc::kClient) {
        std::string name = nn::argumentName(function, index);
        return function.emitError("the public input '")
               << name << "' belongs to " << mpc::ownerName(owner)
               << ", while others belong to the client, who must know it when "
                  "it shares them: --inputs-of="
               << name << "=client";
      }

  if (!options.results.empty()) {
    auto results =
        ownerAmong(function, "--results-to", options.results, options.results,
                   {mpc::kParty0, mpc::kParty1, mpc::kClient});
    if (failed(results))
      return failure();
    owners.results = *results;
    return owners;
  }
  SmallVector<unsigned> of;
  for (auto [index, owner] : llvm::enumerate(owners.inputs))
    if (!isPublic(index) && !llvm::is_contained(of, owner))
      of.push_back(owner);
  if (of.size() > 1) {
    auto error = function.emitError("the inputs belong to ");
    for (auto [index, owner] : llvm::enumerate(of))
      error << (index ? " and " : "") << mpc::ownerName(owner);
    return error << ": say who gets the results: --results-to=party0, party1 "
                    "or client";
  }
  if (!of.empty())
    owners.results = of.front();
  else if (!owners.inputs.empty())
    owners.results = owners.inputs.front();
  return owners;
}
