#include "search/trainer_search_rules.h"

#include "espalier/search/discrete_optimizer.h"
#include "rules/child_process.h"
#include "search/recording_journal.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

void reports_what_the_optimizer_found(const TrainerUnderTest& tested) {
  const Workplace place = tested.search_place();
  const auto optimizer = tested.make_optimizer(place, 3);
  RecordingJournal journal;
  const SearchResult result = tested.make()->search(*optimizer, place.resources(), journal);
  expect(result.architecture == optimizer->final_architecture(),
         "the result is {}, and the optimizer found {}", shown(result.architecture),
         shown(optimizer->final_architecture()));
}

void reports_what_the_benchmark_says(const TrainerUnderTest& tested) {
  const Workplace place = tested.search_place();
  if (!place.benchmark) throw NotApplicable("the case names no benchmark");
  const auto optimizer = tested.make_optimizer(place, 3);
  RecordingJournal journal;
  const SearchResult result = tested.make()->search(*optimizer, place.resources(), journal);
  const auto asked = place.benchmark->take_values();
  const ObjectiveFunction& objective = *place.objective;
  const std::vector<double> known =
      objective.in_units(result.fidelity != 0 ? objective.outcome(result.architecture, result.fidelity)
                                              : objective.outcome(result.architecture));
  expect(result.values.empty() || result.values == known,
         "the values of the result are [{}], and the benchmark says [{}]", fmt::join(result.values, ", "),
         fmt::join(known, ", "));
  const auto report = place.report ? place.report->value(result.architecture) : std::nullopt;
  expect(!result.report || result.report == report,
         "the report of the result is {}, and the benchmark says {}", result.report.value_or(0.0),
         report.value_or(0.0));
  if (dynamic_cast<const DiscreteOptimizer*>(optimizer.get()) == nullptr || !objective.fidelities().empty())
    return;
  const Metric& metric = objective.metrics().front();
  for (const double value : asked)
    expect(higher_is_better(metric, value) <= higher_is_better(metric, known.front()),
           "the result has the value {}, and another trial had {}", known.front(), value);
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
    unknown.adapt({.space = *place.space});
    NullJournal journal;
    tested.make()->search(unknown, place.resources(), journal);
  };
  const auto with_nothing = [&] {
    const auto optimizer = tested.make_optimizer(place, 3);
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
