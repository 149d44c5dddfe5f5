//===- KnownFits.cpp - fits are searched for once -------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "passes/Fit/Fit.h"

#include <map>
#include <mutex>
#include <sstream>

using namespace secformer;

std::variant<Fit, std::string>
secformer::knownUnivariate(const FitRequest &request) {
  static std::mutex mutex;
  static std::map<std::string, std::variant<Fit, std::string>> known;
  const std::string key = cacheKey(request);
  {
    const std::lock_guard lock(mutex);
    if (auto found = known.find(key); found != known.end())
      return found->second;
  }
  auto outcome = fitUnivariate(request);
  const std::lock_guard lock(mutex);
  return known.emplace(key, std::move(outcome)).first->second;
}

std::string secformer::cacheKey(const FitRequest &r) {
  std::ostringstream out;
  out << r.name << std::hexfloat << ' ' << r.low << ' ' << r.high << ' '
      << r.maxError << (r.relative ? " relative" : " absolute")
      << (r.even ? " even " : " any ") << (r.few ? "few " : "") << std::dec
      << r.maxInputBits << ' ' << r.maxRing << ' ';
  if (r.inputScale)
    out << *r.inputScale;
  for (double sine : r.sines)
    out << ' ' << std::hexfloat << sine;
  return out.str();
}
