#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "espalier/network/training/data_loader.h"

namespace espalier {

/// `count` places in `labels`, in order. They are drawn at random, one of each class in turn, until the class
/// has no more. `count` is at most labels.size().
std::vector<std::uint32_t> balanced_sample(std::span<const std::uint16_t> labels, std::size_t count,
                                           std::uint64_t seed);

/// Exchanges as few indices as it takes for every class of two or more to be in both parts, as far as they
/// have room for it.
void keep_classes(IndexSplit& split, std::span<const std::uint16_t> labels);

}  // namespace espalier
