#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "espalier/contract/rule.h"

/// What the ESPALIER_…_CONTRACT macros expand to: a GoogleTest suite, "OptimizerContract/my_optimizer", with
/// a test for each rule.
namespace espalier::contract {

class RuleTest : public ::testing::Test {
 public:
  RuleTest(Rule rule, const char* file, int line) : rule_(std::move(rule)), file_(file), line_(line) {}

  void TestBody() override {
    const Verdict verdict = judge(rule_);
    if (verdict.kind == Verdict::Kind::not_applicable) GTEST_SKIP() << verdict.message;
    if (verdict.kind == Verdict::Kind::broken) ADD_FAILURE_AT(file_, line_) << verdict.message;
  }

 private:
  Rule rule_;
  const char* file_;
  int line_;
};

/// Adds a suite; the macros call it before main(). The result only initializes a variable.
inline bool register_rules(const std::string& suite, const std::vector<Rule>& rules, const char* file,
                           int line) {
  for (const Rule& rule : rules) {
    ::testing::RegisterTest(suite.c_str(), rule.name.c_str(), nullptr, nullptr, file, line,
                            [=]() -> ::testing::Test* { return new RuleTest(rule, file, line); });
  }
  return true;
}

}  // namespace espalier::contract

#define ESPALIER_CONTRACT_JOIN_NOW(a, b) a##b
#define ESPALIER_CONTRACT_JOIN(a, b) ESPALIER_CONTRACT_JOIN_NOW(a, b)
#define ESPALIER_CONTRACT(register_suite, ...)                                                      \
  [[maybe_unused]] static const bool ESPALIER_CONTRACT_JOIN(espalier_contract_of_line_, __LINE__) = \
      ::espalier::contract::register_suite(__FILE__, __LINE__, __VA_ARGS__)
