#pragma once

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

/// Rules whose checks are functions of one trial.
template <class Trial>
class RuleList {
 public:
  RuleList(std::shared_ptr<const Trial> trial, std::vector<Rule> rules)
      : trial_(std::move(trial)), rules_(std::move(rules)) {}

  void add(const RuleText& text, void (*check)(const Trial&)) {
    rules_.push_back({.name = text.name,
                      .promise = text.promise,
                      .consequence = text.consequence,
                      .remedy = text.remedy,
                      .check = [trial = trial_, check] { check(*trial); }});
  }
  std::vector<Rule> take() { return std::move(rules_); }

 private:
  std::shared_ptr<const Trial> trial_;
  std::vector<Rule> rules_;
};

}  // namespace espalier::contract
