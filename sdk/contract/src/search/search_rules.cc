#include "search/search_rules.h"

#include "espalier/search/discrete_optimizer.h"
#include "rules/child_process.h"
#include "search/recording_journal.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

void reports_what_the_optimizer_found(const TrainerTrial& trial) {
  const Workplace place = trial.search_place();
  const auto optimizer = trial.make_optimizer(*place.space, 3);
  RecordingJournal journal;
  const SearchResult result = trial.make()->search(*optimizer, place.resources(), journal);
  expect(result.architecture == optimizer->final_architecture(), "it reports {}, and the optimizer found {}",
         shown(result.architecture), shown(optimizer->final_architecture()));
}

void reports_what_the_benchmark_says(const TrainerTrial& trial) {
  const Workplace place = trial.search_place();
  if (!place.benchmark) throw NotApplicable("the case names no benchmark");
  const auto optimizer = trial.make_optimizer(*place.space, 3);
  RecordingJournal journal;
  const SearchResult result = trial.make()->search(*optimizer, place.resources(), journal);
  const auto trials = place.benchmark->take_trials();
  const double value = place.benchmark->outcome(result.architecture).value;
  expect(!result.validation || *result.validation == value,
         "it reports a validation accuracy of {}, which is {}", result.validation.value_or(0.0), value);
  const auto test = place.benchmark->test(result.architecture);
  expect(!result.test || result.test == test, "it reports a test accuracy of {}, which is {}",
         result.test.value_or(0.0), test.value_or(0.0));
  if (dynamic_cast<const DiscreteOptimizer*>(optimizer.get()) == nullptr) return;
  for (const Outcome& outcome : trials)
    expect(outcome.value <= value, "it reports an architecture of value {}, and has evaluated one of {}",
           value, outcome.value);
}

/// Finds nothing, in no way that a trainer could know.
class ForeignOptimizer final : public Optimizer {
 public:
  ForeignOptimizer() { set_name("foreign"); }

 private:
  Architecture final_architecture_impl() const override { throw Error({.what = "there is none"}); }
};

void refuses_what_it_cannot_use(const TrainerTrial& trial) {
  const Workplace place = trial.search_place();
  const auto with_foreign = [&] {
    ForeignOptimizer foreign;
    foreign.adapt(*place.space, 0);
    NullJournal journal;
    trial.make()->search(foreign, place.resources(), journal);
  };
  const auto with_nothing = [&] {
    const auto optimizer = trial.make_optimizer(*place.space, 3);
    NullJournal journal;
    trial.make()->search(*optimizer, {}, journal);
  };
  std::string crash = crash_of(with_foreign);
  expect(crash.empty(), "given an optimizer of a kind of its own, it crashed: {}", crash);
  expect_refusal<UsageError>("an optimizer of a kind of its own", "UsageError", with_foreign);
  crash = crash_of(with_nothing);
  expect(crash.empty(), "given neither benchmark nor dataset, it crashed: {}", crash);
  expect_refusal<UsageError>("a search with neither benchmark nor dataset", "UsageError", with_nothing);
}

}  // namespace

void add_search_rules(RuleList<TrainerTrial>& rules) {
  rules.add(
      {"ReportsWhatTheOptimizerFound", "the result is the optimizer's final architecture",
       "the run reports another architecture than the search found", "return optimizer.final_architecture()"},
      reports_what_the_optimizer_found);
  rules.add({"ReportsWhatTheBenchmarkSays",
             "accuracies are those of the reported architecture, and of all evaluated the best",
             "the summary compares figures of other architectures",
             "keep validation and test accuracy together with the best, or look them up in the end"},
            reports_what_the_benchmark_says);
  rules.add({"RefusesWhatItCannotUse", "an optimizer of another kind or a missing resource is a UsageError",
             "a config that lacks a line crashes the program",
             "dynamic_cast the optimizer and compare resources with nullptr in check()"},
            refuses_what_it_cannot_use);
}

}  // namespace espalier::contract
