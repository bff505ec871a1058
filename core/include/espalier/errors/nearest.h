#pragma once

#include <span>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// The candidate nearest to `name` in edit distance (a swap of neighbours counts one), or an empty
/// string when none is near enough to be what was meant.
ESPALIER_EXPORT std::string nearest(std::string_view name, std::span<const std::string> candidates);

/// "a, b and c", for messages.
ESPALIER_EXPORT std::string join_names(std::span<const std::string> names);

}  // namespace espalier
