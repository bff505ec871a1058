#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "espalier/config/config.h"
#include "espalier/config/config_value.h"

namespace espalier {

/// "≥ 1", "≤ 5", "0 … 1", or nothing for a range without bounds.
template <class T>
std::string range_text(const Range<T>& range) {
  if (range.min && range.max) return fmt::format("{} … {}", *range.min, *range.max);
  if (range.min) return fmt::format("≥ {}", *range.min);
  if (range.max) return fmt::format("≤ {}", *range.max);
  return {};
}

/// The same within a sentence: "from 1 to 9", "of at least 1".
template <class T>
std::string limits_text(const Range<T>& range) {
  if (range.min && range.max) return fmt::format("from {} to {}", *range.min, *range.max);
  if (range.min) return fmt::format("of at least {}", *range.min);
  if (range.max) return fmt::format("of at most {}", *range.max);
  return {};
}

/// "an integer of at least 1 (architectures alive at once)".
std::string expectation(std::string_view type, std::string_view limits, std::string_view help);

/// A string as a value: in quotes when YAML would take the bare text for something else.
ConfigValue string_value(std::string_view text);
/// A scalar as one writes it in YAML.
std::string scalar_text(const ConfigValue& scalar);

}  // namespace espalier
