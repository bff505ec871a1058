#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// Foreign text in a message: in quotes, cut off after `longest` characters, and printable whatever it holds.
ESPALIER_EXPORT std::string quoted(std::string_view text, std::size_t longest);

}  // namespace espalier
