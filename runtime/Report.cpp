//===- Report.cpp - what a program says when it is done -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Report.h"

#include "runtime/Error.h"
#include "runtime/Gemm.h"
#include "runtime/Samples.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

namespace secformer::runtime {
namespace {

constexpr size_t maxPrinted = 16; // elements of an output printed in full

/// One counter: its names, and who sees it.
struct Column {
  const char *key;
  const char *title;
  uint64_t Counters::*value;
  bool (*seen)(View view);
};
bool seenByParties(View view) { return view != View::Dealer; }
bool seenByReceiver(View view) { return view != View::Party0; }
bool seenByAll(View) { return true; }
bool seenByParty0(View view) {
  return view == View::Party0 || view == View::All;
}
bool seenByParty1(View view) {
  return view == View::Party1 || view == View::All;
}
constexpr Column allColumns[] = {
    {"rounds", "rounds", &Counters::rounds, seenByParties},
    {"bytes_p0_to_p1", "P0 -> P1", &Counters::bytesP0ToP1, seenByParties},
    {"bytes_p1_to_p0", "P1 -> P0", &Counters::bytesP1ToP0, seenByParties},
    {"bytes_dealer_to_p0", "dealer -> P0", &Counters::bytesDealerToP0,
     seenByAll},
    {"bytes_dealer_to_p1", "dealer -> P1", &Counters::bytesDealerToP1,
     seenByReceiver},
    {"bytes_outside_to_p0", "outside -> P0", &Counters::bytesOutsideToP0,
     seenByParty0},
    {"bytes_outside_to_p1", "outside -> P1", &Counters::bytesOutsideToP1,
     seenByParty1},
    {"bytes_to_outside", "each->outside", &Counters::bytesToOutside,
     seenByParties}};

/// Those that a view sees; of files of shares where the program has any.
std::vector<Column> columnsOf(const Manifest &manifest, View view) {
  auto files = [](const Counters &cost) {
    return cost.bytesOutsideToP0 || cost.bytesOutsideToP1 ||
           cost.bytesToOutside;
  };
  const bool any = files(manifest.setupCost) || files(manifest.inferenceCost);
  std::vector<Column> result;
  for (const Column &column : allColumns)
    if (column.seen(view) &&
        (any || std::string_view(column.key).find("outside") ==
                    std::string_view::npos))
      result.push_back(column);
  return result;
}

std::string format(const char *pattern, double value) {
  char text[48];
  std::snprintf(text, sizeof(text), pattern, value);
  return text;
}

std::string pad(const std::string &text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text
                             : text;
}

std::string countText(const Column &column, const Counters &counters) {
  uint64_t value = counters.*column.value;
  return std::to_string(value) +
         (column.value == &Counters::rounds ? "" : " B");
}

void printRow(std::ostream &out, const char *phase,
              const std::vector<Column> &columns, const Counters &counters,
              const std::string &seconds) {
  out << "  " << phase << std::string(11 - std::string_view(phase).size(), ' ');
  for (const Column &column : columns)
    out << pad(countText(column, counters), 14);
  out << pad(seconds, seconds.empty() ? 0 : 10) << "\n";
}

void printHead(std::ostream &out, const std::vector<Column> &columns,
               const std::string &last) {
  out << std::string(13, ' ');
  for (const Column &column : columns)
    out << pad(column.title, 14);
  out << pad(last, last.empty() ? 0 : 10) << "\n";
}

const Tensor *findReference(const TensorMap *reference, const std::string &name,
                            const Tensor &output) {
  if (!reference)
    return nullptr;
  auto found = reference->find(name);
  if (found == reference->end())
    throw Error("the reference has no array '" + name + "'");
  if (found->second.size() != output.size())
    throw Error("the reference's '" + name + "' has shape " +
                toString(found->second.shape) + ", the output " +
                toString(output.shape));
  return &found->second;
}

size_t largestIndex(const Tensor &tensor) {
  size_t best = 0;
  for (size_t i = 1; i < tensor.size(); ++i)
    if (tensor.at(i) > tensor.at(best))
      best = i;
  return best;
}

double largestDifference(const Tensor &a, const Tensor &b) {
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i)
    // fmax would drop a NaN; this keeps it.
    if (double difference = std::fabs(a.at(i) - b.at(i));
        !(difference <= largest))
      largest = difference;
  return largest;
}

void printTensor(std::ostream &out, const char *title, const Tensor &tensor) {
  out << "  " << title << std::string(13 - std::string_view(title).size(), ' ');
  for (size_t i = 0; i < std::min(tensor.size(), maxPrinted); ++i)
    out << pad(format("%.6f", tensor.at(i)), 14);
  out << (tensor.size() > maxPrinted ? "  ..." : "") << "   largest at "
      << largestIndex(tensor) << "\n";
}

} // namespace

std::string toString(const RangeViolation &violation) {
  auto real = [&](int64_t units) {
    return format("%.4g", std::ldexp(double(units), -int(violation.scale)));
  };
  int64_t low = INT64_MAX, high = INT64_MIN;
  for (const RangeViolation::Element &element : violation.outside) {
    low = std::min(low, element.value);
    high = std::max(high, element.value);
  }
  return violation.operation + " at '" + violation.place +
         "': " + std::to_string(violation.outside.size()) +
         " values outside [" + real(violation.low) + ", " +
         real(violation.high) + "], from " + real(low) + " to " + real(high) +
         (violation.foundBits() > violation.allowedBits()
              ? ": " + std::to_string(violation.foundBits()) +
                    " bits, planned are " +
                    std::to_string(violation.allowedBits())
              : "");
}

PhaseResult summary(const SessionResult &result) {
  PhaseResult all = result.inferences.front();
  std::vector<TensorMap> outputs;
  all.seconds = all.offlineSeconds = 0;
  const auto count = double(result.inferences.size());
  for (const PhaseResult &inference : result.inferences) {
    all.seconds += inference.seconds / count;
    all.offlineSeconds += inference.offlineSeconds / count;
    outputs.push_back(inference.outputs);
  }
  if (result.stacked)
    all.outputs = stackSamples(outputs);
  return all;
}

/// A probability of at least \p value, as a power of two.
static std::string powerAbove(double value) {
  return format("2^%.1f", std::ceil(10 * std::log2(value)) / 10);
}

void printInfo(std::ostream &out, const Manifest &manifest) {
  out << manifest.name << " (program " << manifest.hash.substr(0, 12) << ")\n";
  for (const InputSpec &input : manifest.inputs) {
    out << "  input   " << input.name << " " << dtypeName(input.dtype)
        << toString(input.shape) << " of " << ownerName(input.owner);
    if (input.isPublic)
      out << ", public to both parties";
    if (input.range)
      out << ", in [" << format("%g", input.range->first) << ", "
          << format("%g", input.range->second) << "]";
    out << "\n";
  }
  for (const OutputSpec &output : manifest.outputs) {
    out << "  output  " << output.name << " " << dtypeName(output.dtype)
        << toString(output.shape) << " to " << ownerName(output.owner);
    if (output.errorBound)
      out << ", off by at most " << format("%g", *output.errorBound)
          << " on inputs like the samples";
    out << "\n";
  }
  size_t count = 0;
  for (const auto &[name, weight] : manifest.weights) {
    size_t elements = 1;
    for (int64_t extent : weight.shape)
      elements *= size_t(extent);
    count += elements;
  }
  out << "  weights " << manifest.weights.size() << " tensors, " << count
      << " numbers, of " << ownerName(manifest.weightsOwner)
      << "\npredicted cost:\n";
  const std::vector<Column> columns = columnsOf(manifest, View::All);
  printHead(out, columns, "");
  printRow(out, "setup", columns, manifest.setupCost, "");
  printRow(out, "inference", columns, manifest.inferenceCost, "");
  if (manifest.failureBound > 0)
    out << "fails with probability at most "
        << powerAbove(manifest.failureBound) << " per inference\n";
  if (manifest.hidingBound > 0)
    out << "what the parties see for two inputs is at most "
        << powerAbove(manifest.hidingBound)
        << " apart, in statistical distance per inference\n";
}

void printOutputs(std::ostream &out, const char *title,
                  const TensorMap &outputs, const TensorMap *reference) {
  for (const auto &[name, tensor] : outputs) {
    out << name << " " << toString(tensor.shape) << "\n";
    printTensor(out, title, tensor);
    if (const Tensor *expected = findReference(reference, name, tensor)) {
      printTensor(out, "reference", *expected);
      out << "  largest difference "
          << format("%.3g", largestDifference(tensor, *expected)) << "\n";
    }
  }
}

void printReport(std::ostream &out, const Manifest &manifest, View view,
                 const SessionResult &result, const TensorMap *reference) {
  out << manifest.name << " (program " << manifest.hash.substr(0, 12) << ")\n";
  const PhaseResult inference = summary(result);
  printOutputs(out, "private", inference.outputs, reference);
  const std::vector<Column> columns = columnsOf(manifest, view);
  printHead(out, columns, "seconds");
  printRow(out, "setup", columns, result.setup.counters,
           format("%.3f", result.setup.seconds));
  Counters offline, online = inference.counters;
  if (inference.offlineSeconds > 0) {
    std::swap(offline.bytesDealerToP0, online.bytesDealerToP0);
    std::swap(offline.bytesDealerToP1, online.bytesDealerToP1);
    printRow(out, "offline", columns, offline,
             format("%.3f", inference.offlineSeconds));
  }
  printRow(out, inference.offlineSeconds > 0 ? "online" : "inference", columns,
           online, format("%.3f", inference.seconds));
  if (result.inferences.size() > 1)
    out << "  " << result.inferences.size()
        << " inferences; the figures are those of one, seconds their mean\n";
}

void printStats(std::ostream &out, const Manifest &manifest, View view,
                const SessionResult &result, const TensorMap *reference) {
  auto phase = [&](const PhaseResult &what) {
    nlohmann::ordered_json json;
    for (const Column &column : columnsOf(manifest, view))
      json[column.key] = what.counters.*column.value;
    json["seconds"] = what.seconds;
    if (what.offlineSeconds > 0)
      json["offline_seconds"] = what.offlineSeconds;
    return json;
  };
  const PhaseResult inference = summary(result);
  nlohmann::ordered_json json;
  json["name"] = manifest.name;
  json["hash"] = manifest.hash;
  json["kernel"] = gemmKernelName();
  json["setup"] = phase(result.setup);
  json["inference"] = phase(inference);
  json["inferences"] = result.inferences.size();
  for (const auto &[name, tensor] : inference.outputs) {
    nlohmann::ordered_json &entry = json["outputs"][name];
    entry["shape"] = tensor.shape;
    entry["largest_at"] = largestIndex(tensor);
    for (size_t i = 0; tensor.size() <= maxPrinted && i < tensor.size(); ++i)
      entry["values"].push_back(tensor.at(i));
    if (const Tensor *expected = findReference(reference, name, tensor)) {
      entry["reference_largest_at"] = largestIndex(*expected);
      entry["largest_difference"] = largestDifference(tensor, *expected);
    }
  }
  out << json.dump(2) << "\n";
}

void checkCost(const Manifest &manifest, View view,
               const SessionResult &result) {
  auto check = [&](const char *phase, const Counters &counted,
                   const Counters &predicted) {
    for (const Column &column : allColumns)
      if (column.seen(view) && counted.*column.value != predicted.*column.value)
        throw Error(std::string(phase) + " " + column.key + ": counted " +
                    std::to_string(counted.*column.value) + ", predicted " +
                    std::to_string(predicted.*column.value) +
                    ": this is a bug of the compiler");
  };
  check("setup", result.setup.counters, manifest.setupCost);
  for (const PhaseResult &phase : result.inferences)
    check("inference", phase.counters, manifest.inferenceCost);
}

} // namespace secformer::runtime
