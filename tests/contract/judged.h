#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "espalier/contract/rule.h"
#include "paths.h"
#include "sanitized.h"

/// Suites of contract tests, tested themselves.
namespace espalier::testing {

using contract::Rule;
using contract::Verdict;

/// The rules of a suite for a fixture that is told to break one of them; "" for none.
using RulesOf = std::function<std::vector<Rule>(const std::string& broken)>;

/// What else fails where a rule is broken, because it needs what the rule promises. Everything else is kept.
using AlsoBroken = std::map<std::string, std::set<std::string>>;

/// Where so much else fails that it is not listed.
inline const std::set<std::string> kMuchElse = {"*"};

/// The fixture keeps every rule; told to break one, it breaks that rule and no other, and the message says
/// all of it. With sanitizers the other rules are not tried again for each broken one.
inline void expect_each_rule_finds_its_fixture(const RulesOf& rules_of, const AlsoBroken& also = {}) {
  const std::vector<Rule> rules = rules_of("");
  for (const Rule& rule : rules) {
    const Verdict verdict = judge(rule);
    EXPECT_EQ(verdict.kind, Verdict::Kind::kept) << rule.name << ": " << verdict.message;
  }
  for (const Rule& rule : rules) {
    std::set<std::string> broken;
    for (const Rule& other : rules_of(rule.name)) {
      if (kSanitized && other.name != rule.name) continue;
      const Verdict verdict = judge(other);
      if (verdict.kind != Verdict::Kind::broken) continue;
      broken.insert(other.name);
      if (other.name != rule.name) continue;
      using ::testing::HasSubstr;
      EXPECT_THAT(verdict.message, AllOf(HasSubstr("the rule " + rule.name), HasSubstr(rule.promise),
                                         HasSubstr(rule.consequence), HasSubstr(rule.remedy)));
    }
    std::set<std::string> expected = {rule.name};
    if (const auto more = also.find(rule.name); more != also.end()) {
      if (kSanitized || more->second == kMuchElse) {
        EXPECT_TRUE(broken.contains(rule.name)) << rule.name;
        continue;
      }
      expected.insert(more->second.begin(), more->second.end());
    }
    EXPECT_EQ(broken, expected) << "where the fixture breaks " << rule.name;
  }
}

/// docs/contract-tests.md has a row for every rule, as the rule says it.
inline void expect_documented(const std::vector<Rule>& rules) {
  std::ifstream stream(std::string(paths::source) + "/docs/contract-tests.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  for (const Rule& rule : rules)
    EXPECT_THAT(page, ::testing::HasSubstr("| `" + rule.name + "` | " + rule.promise + " | " +
                                           rule.consequence + " |"));
}

}  // namespace espalier::testing
