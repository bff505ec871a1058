#include "espalier/network/training/sgd_options.h"

#include <cmath>
#include <numbers>

namespace espalier {

SgdOptions SgdOptions::from(const Config& config, const SgdOptions& defaults) {
  return {.epochs = config.integer("epochs", defaults.epochs,
                                   "how many times the training goes over its images", between(1, 1'000'000)),
          .batch_size = config.integer("batch_size", defaults.batch_size,
                                       "how many images a training step takes", between(1, 1'000'000)),
          .learning_rate = config.number(
              "learning_rate", defaults.learning_rate,
              "the learning rate of SGD in the first epoch; it falls along a cosine", at_least(0)),
          .learning_rate_min = config.number("learning_rate_min", defaults.learning_rate_min,
                                             "the learning rate that the cosine ends at", at_least(0)),
          .momentum = config.number("momentum", defaults.momentum,
                                    "how much of its last step SGD adds to the next one", between(0, 1)),
          .weight_decay = config.number("weight_decay", defaults.weight_decay,
                                        "how much of each weight SGD adds to its gradient", at_least(0)),
          .clip = config.number("clip", defaults.clip,
                                "the norm that the gradient of all weights is scaled down to; 0: no limit",
                                at_least(0))};
}

double SgdOptions::learning_rate_in(int epoch) const {
  const double progress = static_cast<double>(epoch) / epochs;
  return learning_rate_min +
         (learning_rate - learning_rate_min) * (1.0 + std::cos(std::numbers::pi * progress)) / 2.0;
}

}  // namespace espalier
