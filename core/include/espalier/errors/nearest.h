#pragma once

#include <span>
#include <string>
#include <string_view>

#include "espalier/plugin/export.h"

namespace espalier {

/// The candidate that is nearest to `name` in edit distance, in which a swap of adjacent characters counts as
/// one edit. Empty when no candidate is near enough to be what the user meant.
ESPALIER_EXPORT std::string nearest(std::string_view name, std::span<const std::string> candidates);

/// The names as a message lists them: "a, b and c".
ESPALIER_EXPORT std::string join_names(std::span<const std::string> names);

}  // namespace espalier
