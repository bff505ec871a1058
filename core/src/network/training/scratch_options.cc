#include "espalier/network/training/scratch_training.h"

namespace espalier {

ScratchOptions ScratchOptions::from(const Config& config, const ScratchOptions& defaults) {
  const auto count = [&](const char* name, auto fallback, const char* help, std::int64_t min,
                         std::int64_t max) {
    return static_cast<decltype(fallback)>(
        config.integer(name, static_cast<std::int64_t>(fallback), help, between<std::int64_t>(min, max)));
  };
  ScratchOptions options;
  options.epochs = count("epochs", defaults.epochs, "passes over the training images", 1, 1'000'000);
  options.batch_size = count("batch_size", defaults.batch_size, "images in a step", 1, 1'000'000);
  options.learning_rate =
      config.number("learning_rate", defaults.learning_rate, "of SGD, at first", at_least(0.0));
  options.learning_rate_min = config.number("learning_rate_min", defaults.learning_rate_min,
                                            "in the end: it falls along a cosine", at_least(0.0));
  options.momentum = config.number("momentum", defaults.momentum, "of SGD", between(0.0, 1.0));
  options.weight_decay = config.number("weight_decay", defaults.weight_decay, "of SGD", at_least(0.0));
  options.clip =
      config.number("clip", defaults.clip, "the largest norm of the gradient; 0: any", at_least(0.0));
  options.auxiliary_weight =
      config.number("auxiliary_weight", defaults.auxiliary_weight,
                    "of the auxiliary head's loss, where the search space has such a head", at_least(0.0));
  options.drop_path =
      config.number("drop_path", defaults.drop_path,
                    "probability that a path is dropped, in the end: it rises from 0", between(0.0, 0.99));
  options.augmentation.crop_padding = count("crop_padding", defaults.augmentation.crop_padding,
                                            "crop at random from images padded so much; 0: none", 0, 1024);
  options.augmentation.flip = config.boolean("flip", defaults.augmentation.flip, "mirror half of the images");
  options.augmentation.cutout =
      count("cutout", defaults.augmentation.cutout, "side of the square that is cut out; 0: none", 0, 1024);
  return options;
}

}  // namespace espalier
