#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "espalier/contract/rule.h"

namespace espalier::contract {

/// The texts of a rule, in the order of Rule.
struct RuleText {
  const char* name;
  const char* promise;
  const char* consequence;
  const char* remedy;
};

/// Rules whose checks are functions of one thing under test.
template <class UnderTest>
class RuleList {
 public:
  explicit RuleList(std::shared_ptr<const UnderTest> tested, std::vector<Rule> rules = {})
      : tested_(std::move(tested)), rules_(std::move(rules)) {}

  void add(const RuleText& text, std::function<void(const UnderTest&)> check) {
    rules_.push_back({.name = text.name,
                      .promise = text.promise,
                      .consequence = text.consequence,
                      .remedy = text.remedy,
                      .check = [tested = tested_, check = std::move(check)] { check(*tested); }});
  }
  std::vector<Rule> take() { return std::move(rules_); }

 private:
  std::shared_ptr<const UnderTest> tested_;
  std::vector<Rule> rules_;
};

}  // namespace espalier::contract
