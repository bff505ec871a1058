#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/training/image_options.h"
#include "espalier/network/training/network_weights.h"
#include "espalier/network/training/scratch_training.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/repeats_trainings.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"

using namespace espalier;

/// Trains a found architecture from random weights on all training images and tests it, as the papers of
/// one-shot search do (Liu et al., 2019).
class FromScratchTrainer final : public Trainer,
                                 public ReadsFiles,
                                 public UsesAllCores,
                                 public RepeatsTrainings,
                                 public NetworkWeights {
 public:
  explicit FromScratchTrainer(const Config& config)
      : execution_(config),
        options_(ScratchOptions::from(config, {})),
        images_(ImageOptions::from(
            config, 1.0,
            "the fraction of the images that is trained on; the rest gives a validation accuracy")),
        patience_(config.integer(
            "patience", 0,
            "after how many epochs without a better accuracy on the held-out images the training ends, with "
            "the weights of its best epoch; 0: it has all its epochs",
            between(0, 1'000'000))),
        minutes_(config.number("minutes", 0.0,
                               "about how long the training takes: as many epochs as fit, by the time of the "
                               "first steps, and at most epochs; 0: it has all its epochs",
                               between(0.0, 1e6))),
        init_from_(
            config.path("init_from",
                        "the path of a file of weights, or of the folder of the training that left it, whose "
                        "weights this one begins with where names and shapes agree; empty: none")),
        batch_where_(config.where("batch_size")),
        fraction_where_(config.where("train_fraction")),
        minutes_where_(config.where("minutes")) {
    if (patience_ == 0 || images_.train_fraction < 1.0) return;
    throw UsageError({.what = "patience needs held-out images, but the training takes all of them",
                      .where = espalier::to_string(config.where("patience")),
                      .expected = "a train_fraction below 1",
                      .remedy = "write train_fraction: 0.9, for example, or leave patience out"});
  }

  bool uses_all_cores() const override { return execution_.uses_all_cores(); }
  std::optional<Dependencies> training_dependencies() const override {
    if (minutes_ > 0.0) return std::nullopt;  // the clock decides how many epochs fit
    return execution_.dependencies();
  }
  std::vector<std::filesystem::path> files() const override {
    return init_from_.empty() ? std::vector<std::filesystem::path>()
                              : std::vector{trained_weights_file(init_from_)};
  }

 protected:
  CompileOptions compile_options() const override { return execution_.start(); }

  void check_impl(const Optimizer&, const Resources&) const override {
    throw UsageError(
        {.what = "the trainer \"from_scratch\" does not search",
         .expected = "discrete or one_shot",
         .remedy = "write its options in a section evaluate:, which trains what the search found"});
  }

  void check_evaluation_impl(const SearchSpace& space, const Dataset& dataset) const override {
    check_trainable(space, dataset);
    execution_.start();
    const std::size_t images = divide(dataset, 0).train.size();
    if (images < options_.sgd.batch_size) {
      throw UsageError({.what = fmt::format("a batch has {} images, but there are only {} to train on",
                                            options_.sgd.batch_size, images),
                        .where = to_string(batch_where_),
                        .expected = fmt::format("a batch_size of at most {}", images)});
    }
    if (!init_from_.empty()) read_trained_weights(trained_weights_file(init_from_));
    load_images(dataset, Split::test);  // a missing file is found before a search, not after it
  }

  void check_selection_impl() const override {
    if (minutes_ > 0.0) {
      throw UsageError({.what = "trainings of so many minutes have different numbers of epochs, and their "
                                "accuracies do not compare",
                        .where = espalier::to_string(minutes_where_),
                        .expected = "a number of epochs to select by",
                        .remedy = "write epochs: 20 instead of minutes, for example"});
    }
    if (images_.train_fraction < 1.0) return;
    throw UsageError({.what = "a training on all images gives no validation accuracy to select by",
                      .where = espalier::to_string(fraction_where_),
                      .expected = "a train_fraction below 1",
                      .remedy = "write train_fraction: 0.5, for example"});
  }

  TrainingResult evaluate_impl(const SearchSpace& space, const Architecture& architecture,
                               const Dataset& dataset, std::uint64_t seed, Journal& journal) override {
    const DividedImages images = divide(dataset, seed);
    ScratchTraining training(space, architecture, images.train, options_, execution_.start(), seed);
    if (!init_from_.empty()) training.begin_with(trained_weights_file(init_from_));
    training.run(journal, {.patience = patience_, .validation = images.validation, .minutes = minutes_});
    journal.progress(1, 1, "testing");
    std::optional<double> validation;
    if (images.validation.size() > 0) validation = 100.0 * training.test(images.validation).correct;
    const ImageSet test_images = load_images(dataset, Split::test);
    TestResult test = training.test(test_images);
    journal.keep_weights(training.weights());
    return {.parameters = training.network().plan().graph.parameters(),
            .test = 100.0 * test.correct,
            .test_images = test_images.size(),
            .test_loss = test.loss,
            .validation = validation,
            .classes = std::move(test.classes)};
  }

 private:
  DividedImages divide(const Dataset& dataset, std::uint64_t seed) const {
    if (images_.train_fraction < 1.0) return images_.divide(dataset, seed);
    return {.train = images_.load(dataset), .validation = {}};
  }

  Execution execution_;
  ScratchOptions options_;
  ImageOptions images_;
  int patience_;
  double minutes_;
  std::filesystem::path init_from_;
  Location batch_where_;
  Location fraction_where_;
  Location minutes_where_;
};

ESPALIER_TRAINER(from_scratch, FromScratchTrainer, "1.0.0")
