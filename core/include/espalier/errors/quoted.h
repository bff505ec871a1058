#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// Text from outside, for a message: in quotes, cut off after `longest` characters, and printable whatever
/// bytes it holds.
ESPALIER_EXPORT std::string quoted(std::string_view text, std::size_t longest);

}  // namespace espalier
