#include "espalier/network/training/image_options.h"

#include <utility>

#include "espalier/network/training/data_loader.h"

namespace espalier {

ImageOptions ImageOptions::from(const Config& config, double train_fraction, std::string_view fraction_help) {
  return {.images = config.integer<std::size_t>(
              "images", 0, "how many training images are used, from the first on; 0: all",
              between(0, 1'000'000'000)),
          .train_fraction = config.number("train_fraction", train_fraction, fraction_help, between(0, 1))};
}

ImageSet ImageOptions::load(const Dataset& dataset) const {
  return load_images(dataset, Split::train, images);
}

DividedImages ImageOptions::divide(const Dataset& dataset, std::uint64_t seed) const {
  const ImageSet all = load(dataset);
  IndexSplit split = split_indices(all.size(), train_fraction, seed);
  return {.train = all.with(std::move(split.train)), .validation = all.with(std::move(split.validation))};
}

}  // namespace espalier
