#include "bilevel_search.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/training/image_set.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/uses_all_cores.h"

using namespace espalier;

/// Trains a supernet and its architecture parameters together (bilevel optimization, Liu et al., 2019): one
/// part of the training images for the weights, the other for the architecture.
class OneShotTrainer final : public Trainer, public UsesAllCores {
 public:
  explicit OneShotTrainer(const Config& config) : execution_(config) {
    const auto count = [&](const char* name, std::int64_t fallback, const char* help, std::int64_t min,
                           std::int64_t max) {
      return config.integer(name, fallback, help, between<std::int64_t>(min, max));
    };
    options_.training.epochs = static_cast<int>(count("epochs", 50, "passes over the images", 1, 1'000'000));
    options_.batch_size = static_cast<std::size_t>(count("batch_size", 64, "images in a step", 1, 1'000'000));
    options_.training.accumulation = static_cast<int>(
        count("accumulation", 1, "compute a batch in so many parts, to save memory", 1, 1'000'000));
    options_.images = static_cast<std::size_t>(
        count("images", 0, "use the first so many images; 0: all", 0, 1'000'000'000));
    options_.train_fraction =
        config.number("train_fraction", 0.5,
                      "of the images, for the weights; the rest is for the architecture", between(0.0, 1.0));
    options_.training.learning_rate =
        config.number("learning_rate", 0.025, "of SGD for the weights, at first", at_least(0.0));
    options_.training.learning_rate_min =
        config.number("learning_rate_min", 0.001, "in the end: it falls along a cosine", at_least(0.0));
    options_.training.momentum = config.number("momentum", 0.9, "of SGD", between(0.0, 1.0));
    options_.training.weight_decay = config.number("weight_decay", 3e-4, "of SGD", at_least(0.0));
    options_.training.clip =
        config.number("clip", 5.0, "the largest norm of the weights' gradient; 0: any", at_least(0.0));
    options_.augmentation.crop_padding = static_cast<int>(
        count("crop_padding", 4, "crop at random from images padded so much; 0: none", 0, 1024));
    options_.augmentation.flip = config.boolean("flip", true, "mirror half of the images");
    options_.augmentation.cutout =
        static_cast<int>(count("cutout", 0, "side of the square that is cut out", 0, 1024));
    options_.checkpoint_steps = static_cast<std::uint64_t>(
        count("checkpoint_steps", 0, "checkpoints within an epoch, every so many steps; 0: none", 0,
              1'000'000'000));
  }

  bool uses_all_cores() const override { return true; }

  void check_impl(const Optimizer& optimizer, const Resources& resources) const override {
    if (dynamic_cast<const OneShotOptimizer*>(&optimizer) == nullptr) {
      throw UsageError(
          {.what = "the trainer \"one_shot\" cannot drive the optimizer \"" + optimizer.name() + "\"",
           .expected = "an optimizer that relaxes the space, such as darts or gdas",
           .remedy = "write trainer: discrete for an optimizer that asks for architectures"});
    }
    if (resources.dataset == nullptr) {
      throw UsageError({.what = "the trainer \"one_shot\" needs a dataset",
                        .expected = "images of the shape that the search space takes",
                        .remedy = "add one, e.g. dataset: fashion_mnist"});
    }
    check_fit(optimizer.space(), *resources.dataset);
  }

 protected:
  SearchResult search_impl(Optimizer& driven, const Resources& resources, Journal& journal) override {
    auto& optimizer = dynamic_cast<OneShotOptimizer&>(driven);
    BilevelSearch(options_, execution_.start(), optimizer, resources, journal).run();
    SearchResult result;
    result.architecture = optimizer.final_architecture();
    result.epochs = static_cast<std::uint64_t>(options_.training.epochs);
    if (resources.benchmark != nullptr) {
      result.validation = resources.benchmark->outcome(result.architecture).value;
      result.test = resources.benchmark->test(result.architecture);
    }
    return result;
  }

 private:
  Execution execution_;
  SearchOptions options_;
};

ESPALIER_TRAINER(one_shot, OneShotTrainer, "1.0.0")
