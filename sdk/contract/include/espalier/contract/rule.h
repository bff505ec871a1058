#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "espalier/plugin/export.h"

/// Contract tests: what the interfaces of Espalier promise to each other, as rules that a plugin is held to.
/// docs/contract-tests.md lists them.
namespace espalier::contract {

/// One promise of an interface, and how it is tested on a plugin.
struct Rule {
  std::string name;             ///< of its test, "ResumesAnywhere"
  std::string promise;          ///< what a plugin of this kind does
  std::string consequence;      ///< what breaks where it does not
  std::string remedy;           ///< what its author does then
  std::function<void()> check;  ///< throws Violation, NotApplicable, or what the plugin throws
};

/// What a plugin did against a rule.
class ESPALIER_EXPORT Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~Violation() override;
};

/// Why a rule says nothing of a plugin.
class ESPALIER_EXPORT NotApplicable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~NotApplicable() override;
};

struct Verdict {
  enum class Kind { kept, broken, not_applicable };
  Kind kind = Kind::kept;
  std::string message;  ///< for the plugin's author; empty where the rule is kept
};

/// Tests one rule. Whatever the plugin throws is a verdict.
ESPALIER_EXPORT Verdict judge(const Rule& rule);

}  // namespace espalier::contract
