#include "espalier/plugin/plugin.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/trainer.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;
using nlohmann::json;

namespace {

/// What a checkpoint keeps beside the optimizer's own state.
struct Progress {
  std::uint64_t trials = 0;
  double seconds = 0.0;
  double best_validation = 0.0;
  std::optional<double> best_test;
};

json to_state(const Progress& progress, const DiscreteOptimizer& optimizer) {
  json state = {{"optimizer", optimizer.save()},
                {"trials", progress.trials},
                {"seconds", progress.seconds},
                {"best_validation", progress.best_validation}};
  if (progress.best_test) state["best_test"] = *progress.best_test;
  return state;
}

Progress from_state(const json& state, DiscreteOptimizer& optimizer) try {
  optimizer.load(state.at("optimizer"));
  Progress progress{.trials = state.at("trials").get<std::uint64_t>(),
                    .seconds = state.at("seconds").get<double>(),
                    .best_validation = state.at("best_validation").get<double>(),
                    .best_test = std::nullopt};
  if (state.contains("best_test")) progress.best_test = state.at("best_test").get<double>();
  if (progress.trials != optimizer.told()) {
    throw Error({.what = "the checkpoint is damaged: its optimizer was told of " +
                         std::to_string(optimizer.told()) + " trials",
                 .expected = std::to_string(progress.trials)});
  }
  return progress;
} catch (const json::exception& error) {
  throw Error({.what = std::string("the checkpoint is damaged: ") + error.what()});
}

}  // namespace

/// Makes one trial after another on the benchmark, until a number of trials is reached or a budget of
/// simulated training seconds is spent.
class DiscreteTrainer final : public Trainer {
 public:
  explicit DiscreteTrainer(const Config& config)
      : trials_(config.integer<std::uint64_t>("trials", 1000, "how many trials the search makes at most",
                                              between(1, 1'000'000'000))),
        pending_(config.integer<std::size_t>(
            "pending", 1,
            "how many architectures the optimizer is asked for before it is told the first outcome",
            between(1, 10'000))),
        budget_(config.number("budget_seconds", 0.0,
                              "how many simulated seconds of training the search may spend; 0: no limit",
                              at_least(0))) {}

 protected:
  void check_impl(const Optimizer& optimizer, const Resources& resources) const override {
    if (dynamic_cast<const DiscreteOptimizer*>(&optimizer) == nullptr) {
      throw UsageError(
          {.what = "the trainer \"discrete\" cannot drive the optimizer \"" + optimizer.name() + "\"",
           .expected = "an optimizer that asks for one architecture after another",
           .remedy = "choose another trainer, e.g. trainer: one_shot"});
    }
    if (resources.benchmark == nullptr) {
      throw UsageError({.what = "the trainer \"discrete\" needs a benchmark",
                        .expected = "a benchmark that knows the search space",
                        .remedy = "add one, e.g. benchmark: {name: nasbench201, dataset: cifar10}"});
    }
  }

  SearchResult search_impl(Optimizer& driven, const Resources& resources, Journal& journal) override {
    auto& optimizer = dynamic_cast<DiscreteOptimizer&>(driven);
    const Benchmark& benchmark = *resources.benchmark;
    Progress progress;
    if (const auto state = journal.restore()) progress = from_state(*state, optimizer);

    while (progress.trials < trials_ && !spent(progress)) {
      while (optimizer.pending().size() < std::min(pending_, trials_ - progress.trials)) {
        optimizer.ask();
      }
      tell_oldest(optimizer, benchmark, progress, journal);
      journal.progress(progress.trials, trials_);
      const bool stop = journal.stop_requested();
      if (stop || journal.checkpoint_due()) journal.checkpoint(to_state(progress, optimizer));
      if (stop) throw Interrupted::after_checkpoint();
    }
    return {.architecture = optimizer.final_architecture(),
            .validation = progress.best_validation,
            .test = progress.best_test,
            .trials = progress.trials,
            .seconds = progress.seconds};
  }

 private:
  bool spent(const Progress& progress) const { return budget_ > 0.0 && progress.seconds >= budget_; }

  /// Tells outcomes in the order of the asks, so that a result does not depend on which trial ends first.
  static void tell_oldest(DiscreteOptimizer& optimizer, const Benchmark& benchmark, Progress& progress,
                          Journal& journal) {
    const Architecture architecture = optimizer.pending().front();
    const Outcome outcome = benchmark.outcome(architecture);
    optimizer.tell(architecture, outcome);
    if (progress.trials == 0 || outcome.value > progress.best_validation) {
      progress.best_validation = outcome.value;
      progress.best_test = benchmark.test(architecture);
    }
    ++progress.trials;
    progress.seconds += outcome.seconds;

    journal.event(TrialEvent{.trial = progress.trials,
                             .architecture = optimizer.space().to_string(architecture),
                             .validation = outcome.value,
                             .seconds = outcome.seconds,
                             .best_validation = progress.best_validation,
                             .best_test = progress.best_test});
  }

  std::uint64_t trials_;
  std::size_t pending_;
  double budget_;
};

ESPALIER_TRAINER(discrete, DiscreteTrainer, "1.0.0")
