#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <utility>

#include "espalier/contract/rule.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/architecture.h"

namespace espalier::contract {

/// Throws a Violation that says what was found, unless `holds`.
template <class... Parts>
void expect(bool holds, fmt::format_string<Parts...> found, Parts&&... parts) {
  if (!holds) throw Violation(fmt::format(found, std::forward<Parts>(parts)...));
}

/// Runs `action`. An exception of the plugin becomes a Violation that begins with `when`.
template <class Action>
auto during(const std::string& when, Action action) {
  try {
    return action();
  } catch (const Violation&) {
    throw;
  } catch (const NotApplicable&) {
    throw;
  } catch (const std::exception& error) {
    throw Violation(fmt::format("{}, the plugin threw: {}", when, error.what()));
  }
}

/// Throws Violation unless `action` throws a `Refusal`.
template <class Refusal, class Action>
void expect_refusal(const std::string& what, const char* refusal, Action action) {
  try {
    action();
  } catch (const PluginFailure& failure) {
    throw Violation(fmt::format("{} led to an exception other than {}: {}", what, refusal, failure.what()));
  } catch (const Refusal&) {
    return;
  } catch (const std::exception& error) {
    throw Violation(fmt::format("{} led to an exception other than {}: {}", what, refusal, error.what()));
  }
  throw Violation(fmt::format("{} was accepted, not refused with {}", what, refusal));
}

/// "[0, 3, 1]". It needs no space, so it can show an invalid architecture.
inline std::string shown(const Architecture& architecture) {
  return fmt::format("[{}]", fmt::join(architecture.choices(), ", "));
}

}  // namespace espalier::contract
