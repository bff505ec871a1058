#include "search/trainer_search_rules.h"

#include "espalier/search/discrete_optimizer.h"
#include "rules/child_process.h"
#include "search/recording_journal.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

void reports_what_the_optimizer_found(const TrainerUnderTest& tested) {
  const Workplace place = tested.search_place();
  const auto optimizer = tested.make_optimizer(*place.space, 3);
  RecordingJournal journal;
  const SearchResult result = tested.make()->search(*optimizer, place.resources(), journal);
  expect(result.architecture == optimizer->final_architecture(),
         "the result is {}, and the optimizer found {}", shown(result.architecture),
         shown(optimizer->final_architecture()));
}

void reports_what_the_benchmark_says(const TrainerUnderTest& tested) {
  const Workplace place = tested.search_place();
  if (!place.benchmark) throw NotApplicable("the case names no benchmark");
  const auto optimizer = tested.make_optimizer(*place.space, 3);
  RecordingJournal journal;
  const SearchResult result = tested.make()->search(*optimizer, place.resources(), journal);
  const auto trials = place.benchmark->take_trials();
  const double value = place.benchmark->outcome(result.architecture).value;
  expect(!result.validation || *result.validation == value,
         "the result has a validation accuracy of {}, and the benchmark says {}",
         result.validation.value_or(0.0), value);
  const auto test = place.benchmark->test(result.architecture);
  expect(!result.test || result.test == test,
         "the result has a test accuracy of {}, and the benchmark says {}", result.test.value_or(0.0),
         test.value_or(0.0));
  if (dynamic_cast<const DiscreteOptimizer*>(optimizer.get()) == nullptr) return;
  for (const Outcome& outcome : trials)
    expect(outcome.value <= value, "the result has the value {}, and the outcome of another trial was {}",
           value, outcome.value);
}

/// An optimizer of a kind that no trainer can know.
class UnknownOptimizer final : public Optimizer {
 public:
  UnknownOptimizer() { set_name("unknown"); }

 private:
  Architecture final_architecture_impl() const override { throw Error({.what = "there is none"}); }
};

void refuses_what_it_cannot_use(const TrainerUnderTest& tested) {
  const Workplace place = tested.search_place();
  const auto with_unknown = [&] {
    UnknownOptimizer unknown;
    unknown.adapt(*place.space, 0);
    NullJournal journal;
    tested.make()->search(unknown, place.resources(), journal);
  };
  const auto with_nothing = [&] {
    const auto optimizer = tested.make_optimizer(*place.space, 3);
    NullJournal journal;
    tested.make()->search(*optimizer, {}, journal);
  };
  std::string crash = crash_of(with_unknown);
  expect(crash.empty(), "given an optimizer of an unknown kind, the trainer crashed: {}", crash);
  expect_refusal<UsageError>("an optimizer of an unknown kind", "UsageError", with_unknown);
  crash = crash_of(with_nothing);
  expect(crash.empty(), "given neither a benchmark nor a dataset, the trainer crashed: {}", crash);
  expect_refusal<UsageError>("a search with neither a benchmark nor a dataset", "UsageError", with_nothing);
}

}  // namespace

void add_search_rules(RuleList<TrainerUnderTest>& rules) {
  rules.add(
      {"ReportsWhatTheOptimizerFound", "the result is the optimizer's final architecture",
       "the run reports another architecture than the search found", "return optimizer.final_architecture()"},
      reports_what_the_optimizer_found);
  rules.add(
      {"ReportsWhatTheBenchmarkSays",
       "the reported accuracies are those of the reported architecture, which is the best of all trials",
       "the summary compares figures of other architectures",
       "keep validation and test accuracy together with the best trial, or look them up at the end"},
      reports_what_the_benchmark_says);
  rules.add({"RefusesWhatItCannotUse",
             "an optimizer of another kind or a missing resource is refused with UsageError",
             "a config that lacks a line crashes the program",
             "dynamic_cast the optimizer and compare resources with nullptr in check_impl()"},
            refuses_what_it_cannot_use);
}

}  // namespace espalier::contract
