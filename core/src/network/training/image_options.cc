#include "espalier/network/training/image_options.h"

#include <spdlog/spdlog.h>

#include <mutex>
#include <utility>

#include "espalier/network/training/data_loader.h"
#include "training/class_balance.h"

namespace espalier {

ImageOptions ImageOptions::from(const Config& config, double train_fraction, std::string_view fraction_help) {
  return {
      .images = config.integer<std::size_t>(
          "images", 0, "how many training images are used, equally many of each class where possible; 0: all",
          between(0, 1'000'000'000)),
      .images_seed = config.integer<std::uint64_t>(
          "images_seed", 0, "the seed by which these images are drawn from all training images"),
      .train_fraction = config.number("train_fraction", train_fraction, fraction_help, between(0, 1))};
}

ImageSet ImageOptions::load(const Dataset& dataset) const {
  ImageSet set = load_images(dataset, Split::train, images, images_seed);
  if (set.size() < images) {
    static std::once_flag said;
    std::call_once(said, [&] {
      spdlog::warn("images: {} is more than the dataset {} has, so all {} training images are used", images,
                   dataset.name(), set.size());
    });
  }
  return set;
}

DividedImages ImageOptions::divide(const Dataset& dataset, std::uint64_t seed) const {
  const ImageSet all = load(dataset);
  IndexSplit split = split_indices(all.size(), train_fraction, seed);
  for (auto* const part : {&split.train, &split.validation})
    for (std::uint32_t& index : *part) index = all.indices[index];
  keep_classes(split, all.images->labels);
  return {.train = all.with(std::move(split.train)), .validation = all.with(std::move(split.validation))};
}

}  // namespace espalier
