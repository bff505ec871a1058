#include "espalier/contract/rule.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/host/plugins/exit_guard.h"

namespace espalier::contract {
namespace {

/// Aligns the lines of `text` after the first with the first.
std::string indented(std::string text) {
  constexpr std::string_view margin = "\n               ";
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + margin.size()))
    text.replace(at, 1, margin);
  return text;
}

Verdict broken(const Rule& rule, const std::string& found) {
  return {
      .kind = Verdict::Kind::broken,
      .message = fmt::format(
          "the rule {} is broken\n  promise:     {}\n  found:       {}\n  consequence: {}\n  remedy:      {}",
          rule.name, rule.promise, indented(found), rule.consequence, rule.remedy)};
}

}  // namespace

Violation::~Violation() = default;
NotApplicable::~NotApplicable() = default;

Verdict judge(const Rule& rule) {
  try {
    const host::ExitGuard guard;
    rule.check();
  } catch (const NotApplicable& reason) {
    return {.kind = Verdict::Kind::not_applicable, .message = reason.what()};
  } catch (const Violation& violation) {
    return broken(rule, violation.what());
  } catch (const std::exception& error) {
    return broken(rule, fmt::format("the plugin threw: {}", error.what()));
  } catch (...) {
    return broken(rule, "the plugin threw something other than a std::exception");
  }
  return {};
}

}  // namespace espalier::contract
