#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "espalier/plugin/export.h"

/// Contract tests hold a plugin to what its interface promises, as a list of rules. docs/contract-tests.md
/// lists them.
namespace espalier::contract {

/// One promise of an interface, and how a plugin is tested for it.
struct Rule {
  std::string name;             ///< the name of its test, "ResumesAnywhere"
  std::string promise;          ///< what a plugin of this kind does
  std::string consequence;      ///< what breaks if it does not
  std::string remedy;           ///< what its author can do about it
  std::function<void()> check;  ///< throws Violation, NotApplicable, or what the plugin throws
};

/// Says how a plugin breaks a rule.
class ESPALIER_EXPORT Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~Violation() override;
};

/// Says why a rule does not apply to a plugin.
class ESPALIER_EXPORT NotApplicable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~NotApplicable() override;
};

struct Verdict {
  enum class Kind { kept, broken, not_applicable };
  Kind kind = Kind::kept;
  std::string message;  ///< for the plugin's author; empty if the rule is kept
};

/// Tests one rule. Whatever the plugin throws becomes a verdict.
ESPALIER_EXPORT Verdict judge(const Rule& rule);

}  // namespace espalier::contract
