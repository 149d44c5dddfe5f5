//===- ConfigTest.cpp - parties.toml --------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/Temporary.h"

#include "runtime/Config.h"

#include <gtest/gtest.h>

namespace secformer::runtime::test {
namespace {

class ConfigTest : public ::testing::Test {
protected:
  Config read(const std::string &text) {
    return readConfig(directory.file("parties.toml", text));
  }
  std::string errorFor(const std::string &text) {
    return errorOf([&] { read(text); });
  }
  TemporaryDirectory directory;
};

TEST_F(ConfigTest, AddressesAndTimeout) {
  Config config = read("timeout = 2.5\n# seconds "
                       "\xef\xb3\xbf\n[party0]\naddress = \"host:9001\"\n"
                       "listen = \"0.0.0.0:7\"\n[party1]\n"
                       "[dealer]\naddress = \"[::1]:9000\"\n");
  EXPECT_EQ(toString(config.party0.address), "host:9001");
  EXPECT_EQ(toString(config.party0.listen), "0.0.0.0:7");
  EXPECT_EQ(toString(config.dealer.address), "[::1]:9000");
  EXPECT_EQ(config.dealer.listen.host, "::1");
  EXPECT_EQ(config.timeout, Timeout(2500));
}

TEST_F(ConfigTest, Errors) {
  const std::string dealer = "[dealer]\naddress = \"a:1\"\n";
  for (const auto &[text, part] :
       std::initializer_list<std::pair<std::string, std::string>>{
           {"x = ", "parties.toml:1"},
           {"\n\xef\xb3\xbf" + dealer, "parties.toml:2: expected ASCII"},
           {"x = '#'\xef\xba\xba" + dealer, "parties.toml:1: expected ASCII"},
           {"\nx = '''\n#'''\xef\xba\xba" + dealer,
            "parties.toml:2: expected text within one line"},
           {"[$]\n" + dealer, "a table with a malformed name"},
           {dealer, "no table [party0]"},
           {"[party0]\n" + dealer, "party0.address: expected \"host:port\""},
           {"[party0]\naddress = 5\n" + dealer, "party0.address"},
           {"[party0]\naddress = \"host\"\n" + dealer, "found \"host\""},
           {"[party0]\naddress = \"host:0\"\n" + dealer, "found \"host:0\""},
           {"[party0]\naddress = \"host:70000\"\n" + dealer, "70000"},
           {"[party0]\naddress = \"host:1x\"\n" + dealer, "1x"},
           {"[party0]\naddress = \":1\"\n" + dealer, "found \":1\""},
           {"[party0]\nadress = \"a:1\"\n" + dealer,
            "unknown key 'party0.adress'"},
           {"port = 1\n" + dealer, "unknown key 'port'"},
           {"timeout = -1\n[party0]\naddress = \"a:1\"\n" + dealer,
            "timeout: expected"}}) {
    std::string error = errorFor(text);
    EXPECT_TRUE(contains(error, {part, "parties.toml"})) << error;
  }
  EXPECT_TRUE(contains(errorOf([&] { readConfig(directory / "absent"); }),
                       {"cannot open", "absent"}));
}

} // namespace
} // namespace secformer::runtime::test
