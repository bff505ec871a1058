#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "espalier/space/search_space.h"

namespace espalier::host {

/// The parameters of an architecture's network. Nothing where the space makes no network of it, as one that
/// only names the rows of a table may: a summary or a table is written all the same.
std::optional<std::int64_t> parameter_count(const SearchSpace& space, const std::string& architecture);

}  // namespace espalier::host
