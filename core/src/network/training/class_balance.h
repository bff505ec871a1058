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

/// As many of `indices` as there are, equally many of each class, one class after another. A class gives
/// each of its images once, in an order of chance, before it gives one again. Chance decides which classes
/// give one more.
std::vector<std::uint32_t> balanced_epoch(const std::vector<std::uint32_t>& indices,
                                          std::span<const std::uint16_t> labels, std::uint64_t seed);

/// The weight n / (k n_c) of each of `classes` classes in a loss, where n_c of n images have the class c and
/// k classes have images; 0 for a class without images. Their mean over the images is 1.
std::vector<double> balanced_weights(const std::vector<std::uint32_t>& indices,
                                     std::span<const std::uint16_t> labels, std::size_t classes);

/// Exchanges as few indices as it takes for every class of two or more to be in both parts, as far as they
/// have room for it.
void keep_classes(IndexSplit& split, std::span<const std::uint16_t> labels);

}  // namespace espalier
