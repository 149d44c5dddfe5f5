//===- Profile.cpp - where the time of a party goes -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Profile.h"

#include "runtime/Unfinished.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

namespace secformer::runtime {
namespace {

double seconds(Profile::Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

/// The layer of a node: its path up to the first part but the last that ends in
/// a number, else the first part; as in the compiler's report of costs.
std::string_view layerOf(std::string_view node) {
  while (!node.empty() && node.front() == '/')
    node.remove_prefix(1);
  for (size_t end = node.find('/'); end != node.npos;
       end = node.find('/', end + 1))
    if (end != 0 && std::isdigit(static_cast<unsigned char>(node[end - 1])))
      return node.substr(0, end);
  const size_t first = node.find('/');
  return first == node.npos ? "(other)" : node.substr(0, first);
}

struct Total {
  double computing = 0, waiting = 0;
  uint64_t bytes = 0;
};

void printTotals(std::ostream &out, const char *title,
                 const std::map<std::string_view, Total> &totals) {
  std::vector<std::pair<std::string_view, Total>> rows(totals.begin(),
                                                       totals.end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) {
    return a.second.computing > b.second.computing;
  });
  out << std::left << std::setw(40) << title << std::right << std::setw(12)
      << "computing s" << std::setw(12) << "waiting s" << std::setw(14)
      << "bytes" << "\n"
      << std::fixed << std::setprecision(4);
  for (const auto &[name, total] : rows)
    out << "  " << std::left << std::setw(38) << name << std::right
        << std::setw(12) << total.computing << std::setw(12) << total.waiting
        << std::setw(14) << total.bytes << "\n";
}

} // namespace

void Profile::end(const char *operation, const char *place) {
  const auto now = Clock::now();
  list.push_back({operation, place, last, now - last, waited, queued});
  last = now;
  waited = {};
  queued = 0;
}

void printProfile(std::ostream &out, const Profile &profile) {
  std::map<std::string_view, Total> byLayer, byOperation;
  for (const Profile::Slice &slice : profile.slices())
    for (Total *total :
         {&byLayer[layerOf(slice.place)], &byOperation[slice.operation]}) {
      total->computing += seconds(slice.length - slice.waited);
      total->waiting += seconds(slice.waited);
      total->bytes += slice.bytes;
    }
  printTotals(out, "by layer", byLayer);
  printTotals(out, "by operation", byOperation);
}

void writeTrace(const std::string &path,
                const std::array<Profile, 2> &parties) {
  Profile::Clock::time_point first = Profile::Clock::time_point::max();
  for (const Profile &profile : parties)
    if (!profile.slices().empty())
      first = std::min(first, profile.slices().front().start);
  auto events = nlohmann::ordered_json::array();
  auto add = [&](size_t party, const char *name, const Profile::Slice &slice,
                 Profile::Clock::time_point start,
                 Profile::Clock::duration length) {
    events.push_back({{"name", name},
                      {"ph", "X"},
                      {"pid", 0},
                      {"tid", party},
                      {"ts", seconds(start - first) * 1e6},
                      {"dur", seconds(length) * 1e6},
                      {"args",
                       {{"node", slice.place},
                        {"bytes", slice.bytes},
                        {"waiting_us", seconds(slice.waited) * 1e6}}}});
  };
  for (size_t party = 0; party < parties.size(); ++party) {
    if (parties[party].slices().empty())
      continue;
    events.push_back({{"name", "thread_name"},
                      {"ph", "M"},
                      {"pid", 0},
                      {"tid", party},
                      {"args", {{"name", "party " + std::to_string(party)}}}});
    for (const Profile::Slice &slice : parties[party].slices())
      add(party, slice.operation, slice, slice.start, slice.length);
  }
  const std::string text =
      nlohmann::ordered_json{{"traceEvents", events}}.dump();
  Unfinished file(path);
  file.write(std::as_bytes(std::span(text)));
  file.close();
  file.moveIntoPlace();
}

} // namespace secformer::runtime
