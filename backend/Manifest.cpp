//===- Manifest.cpp - what a program is, for its runtime ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "backend/Backend.h"
#include "passes/MPC/Cost.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

static llvm::json::Array shapeOf(ArrayRef<int64_t> shape) {
  return llvm::json::Array(shape);
}

std::vector<PublicWeight> secformer::publicWeightsOf(ModuleOp module) {
  std::vector<PublicWeight> result;
  llvm::StringSet<> known;
  int64_t offset = 0;
  module.walk([&](PublicParamOp param) {
    if (!known.insert(param.getName()).second)
      return;
    result.push_back({param, offset});
    offset += param.getType().getNumElements() * int64_t(sizeof(float));
  });
  return result;
}

std::string secformer::manifestOf(ModuleOp module, StringRef name,
                                  StringRef hash) {
  llvm::json::Array inputs, outputs, weights, publicWeights;
  llvm::StringSet<> knownInputs, knownWeights;
  int64_t weightsOwner = kParty0;
  module.walk([&](Operation *op) {
    if (auto input = dyn_cast<InputOp>(op)) {
      if (!knownInputs.insert(input.getName()).second)
        return; // the same input at another scale
      inputs.push_back(llvm::json::Object{
          {"name", input.getName()},
          {"shape", shapeOf(input.getShape())},
          {"dtype", input.getDtype()},
          {"owner", int64_t(input.getOwner())},
          {"public", false},
          {"range", llvm::json::Array{input.getLow().convertToDouble(),
                                      input.getHigh().convertToDouble()}}});
    } else if (auto input = dyn_cast<PublicInputOp>(op)) {
      llvm::json::Object entry{{"name", input.getName()},
                               {"shape", shapeOf(input.getType().getShape())},
                               {"dtype", input.getDtype()},
                               {"owner", int64_t(input.getOwner())},
                               {"public", true}};
      if (input.getLow() && input.getHigh())
        entry["range"] = llvm::json::Array{input.getLow()->convertToDouble(),
                                           input.getHigh()->convertToDouble()};
      inputs.push_back(std::move(entry));
    } else if (auto output = dyn_cast<OutputOp>(op)) {
      auto type = output.getInput().getType();
      llvm::json::Object entry{{"name", output.getName()},
                               {"shape", shapeOf(type.getShape())},
                               {"dtype", output.getDtype()},
                               {"owner", type.getOwner()}};
      if (isOutside(type.getOwner())) { // to open its shares
        entry["scale"] = type.getScale();
        entry["ring"] = type.getRing();
      }
      if (auto bound = output.getError())
        entry["error_bound"] = bound->convertToDouble();
      outputs.push_back(std::move(entry));
    } else if (auto param = dyn_cast<ParamOp>(op)) {
      weightsOwner = param.getType().getOwner();
      if (!knownWeights.insert(param.getName()).second)
        return; // the same weight at another scale
      weights.push_back(
          llvm::json::Object{{"name", param.getName()},
                             {"offset", int64_t(param.getOffset())},
                             {"shape", shapeOf(param.getType().getShape())}});
    }
  });
  for (PublicWeight weight : publicWeightsOf(module))
    publicWeights.push_back(llvm::json::Object{
        {"name", weight.param.getName()},
        {"offset", weight.offset},
        {"shape", shapeOf(weight.param.getType().getShape())}});
  ProgramCost cost = programCost(module);
  llvm::json::Object manifest{{"format", 1},
                              {"name", name},
                              {"inputs", std::move(inputs)},
                              {"outputs", std::move(outputs)},
                              {"weights", std::move(weights)},
                              {"weights_owner", weightsOwner},
                              {"public_weights", std::move(publicWeights)},
                              {"cost", toJSON(cost)},
                              {"failure_bound", cost.failureBound},
                              {"hiding_bound", cost.hidingBound}};
  if (!hash.empty())
    manifest["hash"] = hash;
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(manifest)));
}

std::string secformer::programHash(StringRef source, StringRef manifest) {
  llvm::SHA256 hash;
  hash.update(source);
  hash.update(manifest);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}
