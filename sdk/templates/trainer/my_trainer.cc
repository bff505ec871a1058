#include <espalier/plugin/plugin.h>
#include <espalier/search/benchmark.h>
#include <espalier/search/discrete_optimizer.h>
#include <espalier/search/trainer.h>
#include <espalier/space/architecture_json.h>

/// Makes one trial after another, and stops when a number of trials in a row has found nothing better.
class MyTrainer final : public espalier::Trainer {
 public:
  explicit MyTrainer(const espalier::Config& config)
      : trials_(config.integer<std::uint64_t>("trials", 1000, "how many trials the search makes at most",
                                              espalier::between(1, 1'000'000'000))),
        patience_(config.integer<std::uint64_t>(
            "patience", 100, "after how many trials in a row without anything better the search stops",
            espalier::between(1, 1'000'000'000))) {}

 protected:
  void check_impl(const espalier::Optimizer& optimizer, const espalier::Resources& resources) const override {
    if (dynamic_cast<const espalier::DiscreteOptimizer*>(&optimizer) == nullptr)
      throw espalier::UsageError(
          {.what = "the trainer \"" + name() + "\" cannot drive \"" + optimizer.name() + "\"",
           .expected = "an optimizer that asks for one architecture after another"});
    if (resources.benchmark == nullptr)
      throw espalier::UsageError({.what = "the trainer \"" + name() + "\" needs a benchmark"});
  }

  espalier::SearchResult search_impl(espalier::Optimizer& driven, const espalier::Resources& resources,
                                     espalier::Journal& journal) override {
    auto& optimizer = dynamic_cast<espalier::DiscreteOptimizer&>(driven);
    const espalier::Benchmark& benchmark = *resources.benchmark;
    State state;
    if (const auto saved = journal.restore()) {
      saved->at("trainer").get_to(state);
      optimizer.load(saved->at("optimizer"));
    }
    while (optimizer.told() < trials_ && optimizer.told() - state.best_at < patience_) {
      const espalier::Architecture architecture = optimizer.ask();
      const espalier::Outcome outcome = benchmark.outcome(architecture);
      optimizer.tell(architecture, outcome);
      state.seconds += outcome.seconds;
      if (optimizer.told() == 1 || outcome.value > state.best) {
        state.best = outcome.value;
        state.best_at = optimizer.told();
      }
      journal.event(espalier::TrialEvent{.trial = optimizer.told(),
                                         .architecture = optimizer.space().to_string(architecture),
                                         .validation = outcome.value,
                                         .seconds = outcome.seconds,
                                         .best_validation = state.best});
      journal.progress(optimizer.told(), trials_);
      const bool stop = journal.stop_requested();
      if (stop || journal.checkpoint_due())
        journal.checkpoint({{"trainer", state}, {"optimizer", optimizer.save()}});
      if (stop) throw espalier::Interrupted::after_checkpoint();
    }
    return {.architecture = optimizer.final_architecture(),
            .validation = state.best,
            .test = benchmark.test(optimizer.final_architecture()),
            .trials = optimizer.told(),
            .seconds = state.seconds};
  }

 private:
  /// What a checkpoint keeps beside the optimizer's own state.
  struct State {
    double best = 0.0;
    std::uint64_t best_at = 0;  ///< how many trials there were when it was found
    double seconds = 0.0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(State, best, best_at, seconds)
  };

  std::uint64_t trials_;
  std::uint64_t patience_;
};

ESPALIER_TRAINER(my_trainer, MyTrainer, "1.0.0")
