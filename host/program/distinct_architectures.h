#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "espalier/space/search_space.h"

namespace espalier::program {

constexpr std::uint64_t kMostArchitectures = 10'000'000;

/// So many distinct architectures of a space, drawn uniformly, or all in the order of their indices where
/// `count` is not smaller than the space or is not given. A larger count draws the same ones first. Throws
/// UsageError where all are more than kMostArchitectures, and Error where the space draws the same ones over
/// and over again.
std::vector<Architecture> distinct_architectures(const SearchSpace& space, std::optional<std::uint64_t> count,
                                                 std::uint64_t seed);

}  // namespace espalier::program
