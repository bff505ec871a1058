#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "espalier/config/config.h"
#include "espalier/data/dataset.h"
#include "espalier/network/training/image_set.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// Training images in two parts.
struct DividedImages {
  ImageSet train;
  ImageSet validation;
};

/// Which training images of a dataset a trainer uses, and how it divides them.
struct ImageOptions {
  std::size_t images = 0;         ///< how many, as load_images() draws them; 0: all
  std::uint64_t images_seed = 0;  ///< by which they are drawn
  double train_fraction = 0.5;    ///< of these, for the weights

  /// Reads the options of these names; `fraction_help` says what becomes of both parts.
  static ESPALIER_EXPORT ImageOptions from(const Config& config, double train_fraction,
                                           std::string_view fraction_help);

  ESPALIER_EXPORT ImageSet load(const Dataset& dataset) const;
  /// Loads and divides at random. Where chance leaves a class of two or more images out of one part, it gets
  /// one of them in exchange for an image of its largest class. Throws UsageError when one part is empty.
  ESPALIER_EXPORT DividedImages divide(const Dataset& dataset, std::uint64_t seed) const;
};

}  // namespace espalier
