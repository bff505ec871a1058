#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace espalier::host {

/// A quote or a bracket that a text opens.
struct YamlOpening {
  char what = '\0';      ///< ' or " or { or [
  std::size_t line = 0;  ///< from 0
  std::size_t column = 0;
};

/// The quote, or else the innermost bracket, that is open at a place of a text that may not be YAML. Line and
/// column count from 0.
std::optional<YamlOpening> open_at(std::string_view text, std::size_t line, std::size_t column);

/// The last quote before the place that is closed on another line than it opens: most texts in quotes fit a
/// line, so one of its quotes is probably missing.
std::optional<YamlOpening> quote_over_lines(std::string_view text, std::size_t line, std::size_t column);

}  // namespace espalier::host
