#include <map>
#include <memory>
#include <mutex>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/training/image_options.h"
#include "espalier/network/training/scratch_training.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"

using namespace espalier;

namespace {

ScratchOptions short_training() {
  ScratchOptions options;
  options.sgd.epochs = 3;
  options.drop_path = 0.0;  // regularization pays off only in long trainings
  options.augmentation.cutout = 0;
  return options;
}

}  // namespace

/// Trains each architecture for a few epochs on the run's dataset, in any space. An outcome costs 0 seconds:
/// measured time would differ from run to run, and the search with it.
class TrainingBenchmark final : public Benchmark, public UsesAllCores {
 public:
  explicit TrainingBenchmark(const Config& config)
      : execution_(config),
        options_(ScratchOptions::from(config, short_training())),
        images_(ImageOptions::from(
            config, 0.5,
            "the fraction of the images that is trained on; the rest gives the validation accuracy")),
        seed_(config.integer<std::uint64_t>(
            "seed", 0, "the seed of the weights, the batches and the division of the images")) {}

  bool uses_all_cores() const override { return execution_.uses_all_cores(); }

 protected:
  std::vector<std::string> spaces_impl() const override { return {}; }
  std::vector<std::string> datasets_impl() const override {
    return dataset() == nullptr ? std::vector<std::string>() : std::vector<std::string>{dataset()->name()};
  }
  std::vector<std::string> metrics_impl() const override { return {"validation_accuracy", "test_accuracy"}; }
  std::vector<int> epochs_impl(std::string_view, std::string_view) const override {
    return {options_.sgd.epochs};
  }
  void adapt_impl(const SearchSpace& space) override {
    if (dataset() == nullptr) {
      throw UsageError({.what = "the benchmark \"training\" needs a dataset",
                        .expected = "images of the shape that the search space takes",
                        .remedy = "add one, e.g. dataset: fashion_mnist"});
    }
    check_fit(space, *dataset());
    divided_ = images_.divide(*dataset(), seed_);
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

  /// Trains an architecture once, whatever is asked about it and however often. Several threads may train
  /// different architectures at the same time.
  const Entry& trained(const Architecture& architecture) const {
    Entry* entry = nullptr;
    {
      const std::lock_guard lock(mutex_);
      entry = &entries_[architecture];  // a map never moves its entries
    }
    std::call_once(entry->once, [&] { train(architecture, *entry); });
    return *entry;
  }

  void train(const Architecture& architecture, Entry& entry) const {
    ScratchTraining training(space(), architecture, divided_.train, options_, execution_.start(), seed_);
    NullJournal journal;
    training.run(journal);
    entry.validation = 100.0 * training.test(divided_.validation).correct;
    entry.test = 100.0 * training.test(test_).correct;
  }

  Execution execution_;
  ScratchOptions options_;
  ImageOptions images_;
  std::uint64_t seed_;
  DividedImages divided_;
  ImageSet test_;
  mutable std::mutex mutex_;
  mutable std::map<Architecture, Entry> entries_;
};

ESPALIER_BENCHMARK(training, TrainingBenchmark, "1.0.0")
