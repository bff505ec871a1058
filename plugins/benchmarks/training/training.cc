#include <map>
#include <memory>
#include <mutex>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/network/training/scratch_training.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"

using namespace espalier;

namespace {

ScratchOptions short_training() {
  ScratchOptions options;
  options.epochs = 3;
  options.drop_path = 0.0;  // regularization pays in long trainings alone
  options.augmentation.cutout = 0;
  return options;
}

}  // namespace

/// Trains each architecture for a few epochs on the run's dataset, in any space. The seconds of an evaluation
/// are reported as 0: what was measured would differ from run to run, and with it a search.
class TrainingBenchmark final : public Benchmark, public UsesAllCores {
 public:
  explicit TrainingBenchmark(const Config& config)
      : execution_(config),
        options_(ScratchOptions::from(config, short_training())),
        images_(static_cast<std::size_t>(config.integer("images", 0,
                                                        "use the first so many training images; 0: all",
                                                        between<std::int64_t>(0, 1'000'000'000)))),
        train_fraction_(config.number("train_fraction", 0.5,
                                      "of the training images; the rest is for the validation accuracy",
                                      between(0.0, 1.0))),
        seed_(static_cast<std::uint64_t>(config.integer(
            "seed", 0, "of weights, batches and the division of images", at_least<std::int64_t>(0)))) {}

  std::vector<std::string> spaces_impl() const override { return {}; }
  std::vector<std::string> datasets_impl() const override {
    return dataset() == nullptr ? std::vector<std::string>() : std::vector<std::string>{dataset()->name()};
  }
  std::vector<std::string> metrics_impl() const override { return {"validation_accuracy", "test_accuracy"}; }
  std::vector<int> epochs_impl(std::string_view, std::string_view) const override {
    return {options_.epochs};
  }
  bool uses_all_cores() const override { return execution_.uses_all_cores(); }

 protected:
  void adapt_impl(const SearchSpace& space) override {
    if (dataset() == nullptr) {
      throw UsageError({.what = "the benchmark \"training\" needs a dataset",
                        .expected = "images of the shape that the search space takes",
                        .remedy = "add one, e.g. dataset: fashion_mnist"});
    }
    check_fit(space, *dataset());
    const ImageSet all = load_images(*dataset(), Split::train, images_);
    IndexSplit split = split_indices(all.size(), train_fraction_, seed_);
    train_ = all.with(std::move(split.train));
    validation_ = all.with(std::move(split.validation));
    test_ = load_images(*dataset(), Split::test);
  }

  Outcome outcome_impl(const Architecture& architecture) const override {
    return {.value = trained(architecture).validation, .seconds = 0.0};
  }
  std::optional<double> test_impl(const Architecture& architecture) const override {
    return trained(architecture).test;
  }
  double query_impl(const Architecture& architecture, const Query& query) const override {
    const Entry& entry = trained(architecture);
    return query.metric == "test_accuracy" ? entry.test : entry.validation;
  }

 private:
  struct Entry {
    std::once_flag once;
    double validation = 0.0;  ///< percent
    double test = 0.0;        ///< percent
  };

  /// One training for all questions; several architectures at a time, each once.
  const Entry& trained(const Architecture& architecture) const {
    Entry* entry = nullptr;
    {
      const std::lock_guard lock(mutex_);
      entry = &entries_[architecture];  // stays where it is
    }
    std::call_once(entry->once, [&] { train(architecture, *entry); });
    return *entry;
  }

  void train(const Architecture& architecture, Entry& entry) const {
    ScratchTraining training(space(), architecture, train_, options_, execution_.start(), seed_);
    NullJournal journal;
    training.run(journal);
    entry.validation = 100.0 * training.test(validation_).correct;
    entry.test = 100.0 * training.test(test_).correct;
  }

  Execution execution_;
  ScratchOptions options_;
  std::size_t images_;
  double train_fraction_;
  std::uint64_t seed_;
  ImageSet train_;
  ImageSet validation_;
  ImageSet test_;
  mutable std::mutex mutex_;
  mutable std::map<Architecture, Entry> entries_;
};

ESPALIER_BENCHMARK(training, TrainingBenchmark, "1.0.0")
