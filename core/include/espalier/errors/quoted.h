#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// Text from outside, for a terminal, a log or a table: bytes that are not UTF-8, control characters, line
/// ends among them, and those that change the direction of writing become "?"; what is longer than `longest`
/// bytes ends in "…".
ESPALIER_EXPORT std::string printable(std::string_view text, std::size_t longest);

/// Text from outside, for a message: in quotes, cut off after `longest` characters, and printable whatever
/// bytes it holds.
ESPALIER_EXPORT std::string quoted(std::string_view text, std::size_t longest);

}  // namespace espalier
