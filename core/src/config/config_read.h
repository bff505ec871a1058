#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/config/config_value.h"

namespace espalier {

/// A value that the user gave for an option. Each read below throws UsageError when the text is not
/// what the option expects.
struct GivenOption {
  std::string path;  ///< "optimizer.population_size"
  const ConfigValue& value;
  std::string expected;  ///< "an integer ≥ 1 (architectures alive at once)"
};

bool read_boolean(const GivenOption& given);
/// `type` is what the type of the option can hold.
std::int64_t read_integer(const GivenOption& given, const Range<std::int64_t>& allowed,
                          const Range<std::int64_t>& type);
double read_number(const GivenOption& given, const Range<double>& range);
std::string read_string(const GivenOption& given);
std::string read_choice(const GivenOption& given, const std::vector<std::string>& allowed);
std::vector<std::int64_t> read_integers(const GivenOption& given, const Range<std::int64_t>& allowed,
                                        const Range<std::int64_t>& type);

/// The place to show for a value; a missing one has none but its key's.
const Location& place_of(const ConfigValue& value);
/// The text in quotes, on one line and cut where it is long.
std::string shown(const std::string& text);

}  // namespace espalier
