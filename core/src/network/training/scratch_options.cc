#include "espalier/network/training/scratch_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

constexpr double kAdamLearningRate = 1e-3;
constexpr double kAdamWeightDecay = 1e-2;

WeightsOptimizer read_weights_optimizer(const Config& config, WeightsOptimizer fallback) {
  const std::string found = config.choice(
      "weights_optimizer", fallback == WeightsOptimizer::sgd ? "sgd" : "adamw", {"sgd", "adamw"},
      "what moves the weights: sgd with momentum, or adamw, whose β1 is momentum and whose learning_rate and "
      "weight_decay are 0.001 and 0.01 unless they are given");
  return found == "sgd" ? WeightsOptimizer::sgd : WeightsOptimizer::adamw;
}

SgdOptions defaults_for(WeightsOptimizer optimizer, SgdOptions defaults) {
  if (optimizer == WeightsOptimizer::sgd) return defaults;
  defaults.learning_rate = kAdamLearningRate;
  defaults.learning_rate_min = std::min(defaults.learning_rate_min, kAdamLearningRate);
  defaults.weight_decay = kAdamWeightDecay;
  return defaults;
}

bool balanced(const Config& config, std::string_view name, const char* other, bool fallback,
              std::string_view help) {
  return config.choice(name, fallback ? "balanced" : other, {other, "balanced"}, help) == "balanced";
}

void check_scratch(const Config& config, const ScratchOptions& options) {
  if (options.warm_up_epochs >= options.sgd.epochs) {
    throw UsageError(
        {.what = fmt::format("{} of {} epochs of warm-up leave none to train at the full rate",
                             options.warm_up_epochs, options.sgd.epochs),
         .where = to_string(config.where("warm_up_epochs")),
         .expected = fmt::format("a warm_up_epochs below {}, the number of epochs", options.sgd.epochs)});
  }
  if (options.weights_optimizer == WeightsOptimizer::adamw && options.sgd.momentum >= 1.0) {
    throw UsageError({.what = "the momentum of 1 is a β1 under which adamw never sees a gradient",
                      .where = to_string(config.where("momentum")),
                      .expected = "a momentum below 1, such as 0.9"});
  }
  if (options.class_weights && options.balanced_sampling) {
    throw UsageError({.what = "class_weights and sampling are both balanced, which balances twice: rare "
                              "classes would count for more than frequent ones",
                      .where = to_string(config.where("sampling")),
                      .expected = "one of the two",
                      .remedy = "leave out class_weights or sampling"});
  }
}

}  // namespace

ScratchOptions ScratchOptions::from(const Config& config, const ScratchOptions& defaults) {
  const WeightsOptimizer optimizer = read_weights_optimizer(config, defaults.weights_optimizer);
  ScratchOptions options = {
      .sgd = SgdOptions::from(config, defaults_for(optimizer, defaults.sgd)),
      .auxiliary_weight = config.number(
          "auxiliary_weight", defaults.auxiliary_weight,
          "the weight of the auxiliary head's loss, where the search space has such a head", at_least(0)),
      .drop_path = config.number("drop_path", defaults.drop_path,
                                 "the probability of dropping a path, to which it rises linearly from 0",
                                 between(0.0, 0.99)),
      .augmentation = Augmentation::from(config, defaults.augmentation),
      .weights_optimizer = optimizer,
      .warm_up_epochs =
          config.integer("warm_up_epochs", defaults.warm_up_epochs,
                         "in how many epochs the learning rate rises linearly, step by step, to "
                         "learning_rate, before the cosine begins; 0: none",
                         between(0, 1'000'000)),
      .label_smoothing = config.number("label_smoothing", defaults.label_smoothing,
                                       "the share of each label that all classes get equally, in the loss of "
                                       "the training alone; 0: none",
                                       between(0.0, 1.0)),
      .mixup =
          config.number("mixup", defaults.mixup,
                        "α of mixup, which trains on weighted sums of two images and labels, whose weight "
                        "is drawn from Beta(α, α) for each step; 0: none",
                        between(0.0, 1000.0)),
      .ema = config.number("ema", defaults.ema,
                           "how much of the moving average of the weights a step leaves; the average is what "
                           "is tested and saved. 0: no average; 0.999 is usual",
                           between(0.0, 0.999999)),
      .class_weights =
          balanced(config, "class_weights", "none", defaults.class_weights,
                   "how much an image weighs in the training loss: none: 1; balanced: n / (k n_c), where its "
                   "class has n_c of the n images of k classes"),
      .balanced_sampling =
          balanced(config, "sampling", "uniform", defaults.balanced_sampling,
                   "which images an epoch has: uniform: each once; balanced: equally many of each class, the "
                   "images of small classes several times")};
  options.augmentation.trivial_augment =
      config.boolean("trivial_augment", defaults.augmentation.trivial_augment,
                     "change each training image by one of the fourteen operations of TrivialAugment at a "
                     "strength of chance, before it is cropped");
  check_scratch(config, options);
  return options;
}

double ScratchOptions::learning_rate_in(int epoch, std::size_t step, std::size_t steps) const {
  if (epoch < warm_up_epochs) {
    const auto done =
        static_cast<double>(epoch) * static_cast<double>(steps) + static_cast<double>(step) + 1.0;
    return sgd.learning_rate * done / (static_cast<double>(warm_up_epochs) * static_cast<double>(steps));
  }
  SgdOptions rest = sgd;
  rest.epochs -= warm_up_epochs;
  return rest.learning_rate_in(epoch - warm_up_epochs);
}

double ScratchOptions::drop_path_in(int epoch) const {
  return drop_path * (static_cast<double>(epoch) / sgd.epochs);
}

double ScratchOptions::ema_after(std::uint64_t updates) const {
  const auto done = static_cast<double>(updates);
  return updates == 0 ? 0.0 : std::min(ema, (1.0 + done) / (10.0 + done));
}

}  // namespace espalier
