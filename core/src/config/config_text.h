#pragma once

#include <fmt/format.h>

#include <limits>
#include <string>
#include <string_view>

#include "espalier/config/config.h"
#include "espalier/config/config_value.h"

namespace espalier {

/// "≥ 1", "≤ 5", "0 … 1", or nothing for a range without bounds.
template <class T>
std::string range_text(const Range<T>& range) {
  const bool bounded_below = range.min != std::numeric_limits<T>::lowest();
  const bool bounded_above = range.max != std::numeric_limits<T>::max();
  if (bounded_below && bounded_above) return fmt::format("{} … {}", range.min, range.max);
  if (bounded_below) return fmt::format("≥ {}", range.min);
  if (bounded_above) return fmt::format("≤ {}", range.max);
  return {};
}

/// "an integer ≥ 1 (architectures alive at once)".
std::string expectation(std::string_view type, std::string_view range, std::string_view help);

/// A string as a value: in quotes when YAML would take the bare text for something else.
ConfigValue string_value(std::string_view text);
/// A scalar as one writes it in YAML.
std::string scalar_text(const ConfigValue& scalar);

}  // namespace espalier
