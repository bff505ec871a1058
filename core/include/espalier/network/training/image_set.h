#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/plugin/export.h"

namespace espalier {

class SearchSpace;

/// Some images of a split, and how they are normalized. Copies share the images.
struct ImageSet {
  std::shared_ptr<const Images> images;
  Normalization normalization;
  std::vector<std::uint32_t> indices;
  bool may_be_mirrored = true;  ///< Dataset::may_be_mirrored()

  std::size_t size() const { return indices.size(); }
  ImageSet with(std::vector<std::uint32_t> other) const {
    return {images, normalization, std::move(other), may_be_mirrored};
  }
};

/// `limit` images of a split, or all where that is 0 or more than there are, in the order of the dataset.
/// They are drawn at random with `seed`, as many of each class as of any other; where a class has too few,
/// the others give more. So no class is missing from a sample of at least as many images as there are
/// classes.
ESPALIER_EXPORT ImageSet load_images(const Dataset& dataset, Split split, std::size_t limit = 0,
                                     std::uint64_t seed = 0);

/// Throws UsageError when the networks of `space` take images of another shape or tell apart another number
/// of classes.
ESPALIER_EXPORT void check_fit(const SearchSpace& space, const Dataset& dataset);
/// The same for a plugin that needs a dataset: throws UsageError, too, where there is none. `what` names the
/// plugin: "the benchmark \"supernet\"".
ESPALIER_EXPORT void check_fit(const SearchSpace& space, const Dataset* dataset, std::string_view what);
/// What check_fit() checks, and for networks that are trained from scratch, whether every part of them fits
/// these images: an auxiliary head may need larger ones than a search. Throws UsageError.
ESPALIER_EXPORT void check_trainable(const SearchSpace& space, const Dataset& dataset);
/// The same for a plugin that needs a dataset.
ESPALIER_EXPORT void check_trainable(const SearchSpace& space, const Dataset* dataset, std::string_view what);

}  // namespace espalier
