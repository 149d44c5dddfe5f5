//===- Manifest.cpp - what a program directory says of its program --------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Manifest.h"

#include "runtime/Error.h"
#include "runtime/ShapeMath.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace secformer::runtime {
namespace {

using Json = nlohmann::json;

constexpr size_t maxElements = size_t(1) << 40;
constexpr size_t maxRank = 32;
/// Parsed, a manifest takes many times its bytes.
constexpr uint64_t maxFileBytes = uint64_t(16) << 20;

/// A field of the manifest that knows where it is.
class Field {
public:
  Field(const Json &json, std::string where)
      : json(json), where(std::move(where)) {}

  Field operator[](const char *key) const {
    if (!has(key))
      throw Error(where + ": no field '" + key + "'");
    return {json[key], where + "." + key};
  }
  bool has(const char *key) const {
    return json.is_object() && json.contains(key);
  }
  std::vector<Field> items() const {
    require(json.is_array(), "a list");
    std::vector<Field> result;
    for (size_t i = 0; i < json.size(); ++i)
      result.emplace_back(json[i], where + "[" + std::to_string(i) + "]");
    return result;
  }
  std::string text() const {
    require(json.is_string(), "text");
    return json.get<std::string>();
  }
  bool boolean() const {
    require(json.is_boolean(), "true or false");
    return json.get<bool>();
  }
  double number() const {
    require(json.is_number(), "a number");
    return json.get<double>();
  }
  double probability() const {
    require(number() >= 0 && number() <= 1, "a number from 0 to 1");
    return number();
  }
  uint64_t natural() const {
    require(json.is_number_unsigned(), "a natural number");
    return json.get<uint64_t>();
  }
  int owner() const {
    require(json.is_number_unsigned() && json.get<uint64_t>() <= client,
            "0 or 1 for a party, 2 for the client");
    return json.get<int>();
  }
  unsigned upTo(unsigned most) const {
    require(natural() <= most, "at most " + std::to_string(most));
    return json.get<unsigned>();
  }
  Shape shape() const {
    Shape result;
    size_t count = 1;
    require(json.is_array() && json.size() <= maxRank,
            "a list of at most " + std::to_string(maxRank) + " extents");
    for (const Field &item : items()) {
      uint64_t extent = item.natural();
      item.require(extent >= 1 && extent <= maxElements / count,
                   "an extent of a reasonable tensor");
      count *= extent;
      result.push_back(int64_t(extent));
    }
    return result;
  }
  void require(bool holds, const std::string &expected) const {
    if (!holds)
      throw Error(where + ": expected " + expected);
  }

private:
  const Json &json;
  const std::string where;
};

void requireNew(const Field &name, std::set<std::string> &taken) {
  name.require(taken.insert(name.text()).second, "another name: it is taken");
}

Counters readCost(const Field &field) {
  auto files = [&](const char *key) {
    return field.has(key) ? field[key].natural() : 0;
  };
  return {field["rounds"].natural(),
          field["bytes_p0_to_p1"].natural(),
          field["bytes_p1_to_p0"].natural(),
          field["bytes_dealer_to_p0"].natural(),
          field["bytes_dealer_to_p1"].natural(),
          files("bytes_outside_to_p0"),
          files("bytes_outside_to_p1"),
          files("bytes_to_outside")};
}

DType readDType(const Field &field) {
  DType result = DType::Float32;
  field.require(parseDType(field.text(), result),
                "float32, float64, int32, int64 or bool");
  return result;
}

OutputSpec readOutput(const Field &field) {
  OutputSpec output;
  output.name = field["name"].text();
  output.shape = field["shape"].shape();
  output.owner = field["owner"].owner();
  if (isOutside(output.owner)) {
    output.scale = field["scale"].upTo(63);
    output.ring = field["ring"].upTo(64);
    field["ring"].require(output.ring >= 1, "1 to 64");
  }
  if (field.has("dtype"))
    output.dtype = readDType(field["dtype"]);
  if (field.has("error_bound"))
    output.errorBound = field["error_bound"].number();
  return output;
}

InputSpec readInput(const Field &field) {
  InputSpec input;
  input.name = field["name"].text();
  input.shape = field["shape"].shape();
  input.dtype = readDType(field["dtype"]);
  input.owner = field["owner"].owner();
  input.isPublic = field.has("public") && field["public"].boolean();
  if (field.has("range")) {
    std::vector<Field> bounds = field["range"].items();
    field["range"].require(bounds.size() == 2, "two numbers");
    input.range = {bounds[0].number(), bounds[1].number()};
    field["range"].require(input.range->first <= input.range->second,
                           "the smaller number first");
  }
  return input;
}

std::map<std::string, WeightSpec> readWeights(const Field &list) {
  std::map<std::string, WeightSpec> result;
  for (const Field &field : list.items()) {
    WeightSpec spec{field["offset"].natural(), field["shape"].shape()};
    field["offset"].require(spec.offset % sizeof(float) == 0,
                            "a multiple of 4");
    field["name"].require(result.emplace(field["name"].text(), spec).second,
                          "another name: it is taken");
  }
  return result;
}

} // namespace

std::string ownerName(int owner) {
  constexpr const char *names[] = {"party 0", "party 1", "the client",
                                   "the provider"};
  return names[owner];
}

Manifest readManifest(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    throw Error("cannot open " + path +
                ": give the program's directory with --dir");
  std::error_code unknown; // what has no size is no large file
  if (std::filesystem::is_regular_file(path, unknown) &&
      std::filesystem::file_size(path, unknown) > maxFileBytes)
    throw Error(path + " is too large for a manifest");
  return parseManifest(std::string(std::istreambuf_iterator<char>(file), {}),
                       path);
}

Manifest parseManifest(std::string_view text, const std::string &where) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded())
    throw Error(where + " is not valid JSON");
  Field root(json, where);
  root["format"].require(root["format"].natural() == 1, "format 1");
  Manifest result;
  result.name = root["name"].text();
  result.hash = root["hash"].text();
  root["hash"].require(result.hash.size() == 64 &&
                           result.hash.find_first_not_of("0123456789abcdef") ==
                               std::string::npos,
                       "64 hexadecimal digits");
  std::set<std::string> inputs, outputs;
  for (const Field &field : root["inputs"].items()) {
    result.inputs.push_back(readInput(field));
    requireNew(field["name"], inputs);
  }
  for (const Field &field : root["outputs"].items()) {
    result.outputs.push_back(readOutput(field));
    requireNew(field["name"], outputs);
  }
  result.weights = readWeights(root["weights"]);
  if (root.has("weights_owner")) {
    const Field owner = root["weights_owner"];
    owner.require(owner.natural() == party0 || owner.natural() == provider,
                  "0 for party 0 or 3 for the provider");
    result.weightsOwner = int(owner.natural());
  }
  if (root.has("public_weights"))
    result.publicWeights = readWeights(root["public_weights"]);
  result.setupCost = readCost(root["cost"]["setup"]);
  result.inferenceCost = readCost(root["cost"]["inference"]);
  if (root.has("failure_bound"))
    result.failureBound = root["failure_bound"].probability();
  if (root.has("hiding_bound"))
    result.hidingBound = root["hiding_bound"].probability();
  return result;
}

TensorMap selectInputs(const Manifest &manifest, const TensorMap &given,
                       int owner, const std::string &file) {
  TensorMap result;
  for (const InputSpec &spec : manifest.inputs) {
    if (owner >= 0 && spec.owner != owner)
      continue;
    auto found = given.find(spec.name);
    if (found == given.end()) {
      std::string names;
      for (const auto &entry : given)
        names += (names.empty() ? "" : ", ") + entry.first;
      throw Error(file + ": no array '" + spec.name + "', found " +
                  (names.empty() ? "none" : names));
    }
    const Tensor &tensor = found->second;
    const std::string where = file + ": '" + spec.name + "'";
    if (tensor.shape != spec.shape)
      throw Error(where + " has shape " + toString(tensor.shape) +
                  ", expected " + toString(spec.shape));
    if (tensor.dtype != spec.dtype)
      throw Error(where + " has type " + dtypeName(tensor.dtype) +
                  ", expected " + dtypeName(spec.dtype));
    for (size_t i = 0; i < tensor.size(); ++i) {
      double value = tensor.at(i);
      if (!std::isfinite(value))
        throw Error(where + " at index " + std::to_string(i) +
                    " is not finite");
      if (spec.range &&
          (value < spec.range->first || value > spec.range->second))
        throw Error(where + " at index " + std::to_string(i) +
                    " is outside the range the program was compiled for, [" +
                    std::to_string(spec.range->first) + ", " +
                    std::to_string(spec.range->second) +
                    "]: compile it with samples that cover such inputs");
    }
    result[spec.name] = tensor;
  }
  return result;
}

} // namespace secformer::runtime
