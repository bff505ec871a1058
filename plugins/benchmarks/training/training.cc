#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/training/image_options.h"
#include "espalier/network/training/scratch_training.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/keeps_trials.h"
#include "espalier/space/search_space.h"
#include "trained_architecture.h"

using namespace espalier;

namespace {

ScratchOptions short_training() {
  ScratchOptions options;
  options.sgd.epochs = 3;
  options.drop_path = 0.0;  // regularization pays off only in long trainings
  options.augmentation.cutout = 0;
  return options;
}

/// How many states of trainings that were cut are kept in memory.
constexpr std::size_t kMostStates = 64;

/// The indices of the metrics.
constexpr std::size_t kValidation = 0;
constexpr std::size_t kTest = 1;

}  // namespace

/// Trains each architecture for a few epochs on the run's dataset, in any space. A trial of fewer epochs is
/// cut out of the same schedule, and one of more epochs continues from there.
///
/// What a trial costs is computed, because measured time would differ from run to run, and the search with
/// it: three passes (one forward, two backward) over the images of each epoch, on a device that computes
/// `speed` multiply-adds a second.
class TrainingBenchmark final : public Benchmark, public UsesAllCores, public KeepsTrials {
 public:
  explicit TrainingBenchmark(const Config& config)
      : execution_(config),
        options_(ScratchOptions::from(config, short_training())),
        images_(ImageOptions::from(
            config, 0.5,
            "the fraction of the images that is trained on; the rest gives the validation accuracy")),
        seed_(config.integer<std::uint64_t>(
            "seed", 0, "the seed of the weights, the batches and the division of the images")),
        speed_(config.number("speed", 1e12,
                             "how many multiply-adds a second the simulated device computes, from which the "
                             "simulated seconds of a trial follow",
                             at_least(1.0))) {}

  bool uses_all_cores() const override { return execution_.uses_all_cores(); }
  std::optional<Dependencies> trial_dependencies() const override { return execution_.dependencies(); }
  void keep_trials_in(TrialStore& store) override { store_ = &store; }

 protected:
  std::vector<std::string> datasets_impl() const override {
    return dataset() == nullptr ? std::vector<std::string>() : std::vector<std::string>{dataset()->name()};
  }
  std::vector<Metric> metrics_impl() const override {
    return {{.name = "validation_accuracy",
             .unit = "%",
             .help = "accuracy on the training images that were held out"},
            {.name = "test_accuracy", .unit = "%", .help = "accuracy on test images"},
            {.name = "train_seconds",
             .unit = "s",
             .direction = Direction::minimize,
             .help = "how long the training would take on the simulated device"}};
  }
  std::vector<int> epochs_impl(std::string_view, std::string_view) const override {
    std::vector<int> all(static_cast<std::size_t>(options_.sgd.epochs));
    std::iota(all.begin(), all.end(), 1);
    return all;
  }
  bool continues_trials_impl() const override { return true; }

  void adapt_impl(const SearchSpace& space) override {
    check_trainable(space, dataset(), "the benchmark \"training\"");
    divided_ = images_.divide(*dataset(), seed_);
    test_ = load_images(*dataset(), Split::test);
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    const int epoch = lookup.epoch.value_or(options_.sgd.epochs);
    if (lookup.metric == kValidation) return trained(architecture, epoch).validation;
    if (lookup.metric == kTest) return trained(architecture, epoch).test;
    constexpr double kPasses = 3.0;
    const auto images = static_cast<double>(divided_.train.size());
    return kPasses * static_cast<double>(space().multiply_adds(architecture)) * images * epoch / speed_;
  }

 private:
  /// Several threads may train different architectures at the same time.
  Accuracies trained(const Architecture& architecture, int epoch) const {
    return entry(architecture)
        .after(epoch, options_.sgd.epochs,
               {.make =
                    [&] {
                      return std::make_unique<ScratchTraining>(space(), architecture, divided_.train,
                                                               options_, execution_.start(), seed_);
                    },
                .test =
                    [&](ScratchTraining& training) {
                      return Accuracies{.validation = 100.0 * training.test(divided_.validation).correct,
                                        .test = 100.0 * training.test(test_).correct};
                    },
                .find = [&](int after) { return find(architecture, after); },
                .keep = [&](int after, const Accuracies& gave) { keep(architecture, after, gave); }});
  }

  std::optional<Accuracies> find(const Architecture& architecture, int epochs) const {
    if (store_ == nullptr) return std::nullopt;
    const auto figures = store_->find(architecture, epochs);
    if (!figures || figures->size() != 2) return std::nullopt;
    return Accuracies{.validation = figures->front(), .test = figures->back()};
  }
  void keep(const Architecture& architecture, int epochs, const Accuracies& gave) const {
    if (store_ != nullptr) store_->keep(architecture, epochs, {gave.validation, gave.test});
  }

  TrainedArchitecture& entry(const Architecture& architecture) const {
    TrainedArchitecture* oldest = nullptr;
    TrainedArchitecture* found = nullptr;
    {
      const std::lock_guard lock(mutex_);
      found = &entries_[architecture];  // a map never moves its entries
      std::erase(recent_, found);
      recent_.push_back(found);
      if (recent_.size() > kMostStates) {
        oldest = recent_.front();
        recent_.pop_front();
      }
    }
    if (oldest != nullptr) oldest->forget_state();
    return *found;
  }

  Execution execution_;
  ScratchOptions options_;
  ImageOptions images_;
  std::uint64_t seed_;
  double speed_;
  DividedImages divided_;
  ImageSet test_;
  TrialStore* store_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::map<Architecture, TrainedArchitecture> entries_;
  mutable std::deque<TrainedArchitecture*>
      recent_;  ///< whose states may be kept, those asked about longest ago first
};

ESPALIER_BENCHMARK(training, TrainingBenchmark, "1.0.0")
