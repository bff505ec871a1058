#pragma once

#include <cstdint>
#include <vector>

#include "espalier/host/report/summary.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// The seeds whose architectures are one network in different strings: a list for each such network. A space
/// whose networks do not fit together, because only a table is asked about them, has none.
std::vector<std::vector<std::uint64_t>> same_networks(const SearchSpace& space,
                                                      const std::vector<SeedResult>& results);

}  // namespace espalier::host
