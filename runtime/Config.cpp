//===- Config.cpp - where the roles are -----------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Config.h"

#include "runtime/Error.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace {
/// What a file that is no TOML can be.
struct MalformedToml {};
[[noreturn]] void refuseToml() { throw MalformedToml(); }
} // namespace

// toml++ asserts that a table's name begins with a letter or a quote, which a
// file need not obey ("[$]"), and takes it for granted where NDEBUG is defined.
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? void(0) : refuseToml())
#include <toml++/toml.h>

namespace secformer::runtime {
namespace {

constexpr double maxTimeoutSeconds = 86400;

Endpoint parseEndpoint(const std::string &text, const std::string &where) {
  size_t colon = text.rfind(':');
  Endpoint result;
  if (colon != text.npos) {
    result.host = text.substr(0, colon);
    if (result.host.starts_with("[") && result.host.ends_with("]"))
      result.host = result.host.substr(1, result.host.size() - 2);
    const char *end = text.data() + text.size();
    auto parsed = std::from_chars(text.data() + colon + 1, end, result.port);
    if (parsed.ec == std::errc() && parsed.ptr == end && result.port != 0 &&
        !result.host.empty())
      return result;
  }
  throw Error(where + ": expected \"host:port\", found \"" + text + "\"");
}

class Reader {
public:
  explicit Reader(const std::string &path) : path(path) {
    std::ifstream file(path);
    if (!file)
      throw Error("cannot open " + path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    checkCharacters(text);
    try {
      root = toml::parse(text, path);
    } catch (const toml::parse_error &error) {
      throw Error(at(error.source()) + ": " + std::string(error.description()));
    } catch (const MalformedToml &) {
      throw Error(path +
                  ": expected TOML, found a table with a malformed name");
    }
  }

  std::string at(const toml::source_region &source) const {
    return path + ":" + std::to_string(source.begin.line);
  }

  void checkKeys(const toml::table &table, const std::string &name,
                 std::initializer_list<std::string_view> known) const {
    for (const auto &[key, value] : table)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        throw Error(at(value.source()) + ": unknown key '" + name +
                    std::string(key.str()) + "'");
  }

  Config::Server server(const std::string &name) const {
    const toml::table *table = root[name].as_table();
    if (!table)
      throw Error(path + ": no table [" + name + "]");
    checkKeys(*table, name + ".", {"address", "listen"});
    Endpoint address = endpoint(*table, name, "address");
    return {address, table->contains("listen")
                         ? endpoint(*table, name, "listen")
                         : address};
  }

  std::optional<Timeout> timeout() const {
    const toml::node *node = root.get("timeout");
    if (!node)
      return std::nullopt;
    std::optional<double> seconds = node->value<double>();
    if (!seconds || !(*seconds > 0 && *seconds <= maxTimeoutSeconds))
      throw Error(at(node->source()) +
                  ": timeout: expected a number of seconds, at most a day");
    return Timeout(static_cast<int64_t>(*seconds * 1000));
  }

  toml::table root;

private:
  /// toml++ takes for granted that some letters stand in comments and text
  /// alone. A line of comment is known as one as long as no text goes past the
  /// end of its line.
  void checkCharacters(const std::string &text) const {
    std::istringstream lines(text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      size_t first = line.find_first_not_of(" \t");
      if (first == line.npos || line[first] == '#')
        continue;
      const std::string where = path + ":" + std::to_string(number) + ": ";
      if (std::any_of(line.begin(), line.end(),
                      [](signed char c) { return c < 0; }))
        throw Error(where + "expected ASCII outside of lines of comment");
      if (line.find("\"\"\"") != line.npos || line.find("'''") != line.npos)
        throw Error(where + "expected text within one line");
    }
  }

  Endpoint endpoint(const toml::table &table, const std::string &name,
                    const char *key) const {
    const toml::node *node = table.get(key);
    const std::string where =
        (node ? at(node->source()) : path) + ": " + name + "." + key;
    std::optional<std::string> text =
        node ? node->value<std::string>() : std::nullopt;
    if (!text)
      throw Error(where + ": expected \"host:port\"");
    return parseEndpoint(*text, where);
  }

  const std::string path;
};

} // namespace

std::string toString(const Endpoint &endpoint) {
  bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
         std::to_string(endpoint.port);
}

Config readConfig(const std::string &path) {
  Reader reader(path);
  reader.checkKeys(reader.root, "", {"timeout", "party0", "party1", "dealer"});
  return {reader.server("party0"), reader.server("dealer"), reader.timeout()};
}

} // namespace secformer::runtime
