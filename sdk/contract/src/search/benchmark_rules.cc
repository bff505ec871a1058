#include <algorithm>
#include <cmath>
#include <set>

#include "rules/option_rules.h"
#include "search/benchmark_answer_rules.h"
#include "search/benchmark_under_test.h"

namespace espalier::contract {
namespace {

void adapts_to_its_space(const BenchmarkUnderTest& tested) { tested.adapt(); }

void names_what_it_knows(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  const auto expect_names = [](const char* what, const std::vector<std::string>& names) {
    std::set<std::string> seen;
    for (const std::string& name : names)
      expect(!name.empty() && seen.insert(name).second, "{} lists \"{}\", which is empty or listed twice",
             what, name);
  };
  expect(!adapted.benchmark->metrics().empty(), "metrics() is empty");
  expect_names("spaces()", adapted.benchmark->spaces());
  expect_names("metrics()", adapted.benchmark->metrics());
  expect_names("datasets()", adapted.benchmark->datasets());
  for (const std::string& metric : adapted.benchmark->metrics()) {
    for (const std::string& dataset : adapted.benchmark->datasets()) {
      const std::vector<int> epochs = adapted.benchmark->epochs(metric, dataset);
      const bool ascend = std::ranges::adjacent_find(epochs, std::ranges::greater_equal()) == epochs.end();
      expect(ascend && (epochs.empty() || epochs.front() > 0),
             "the epochs of {} on {} are {}, which are not positive and ascending", metric, dataset,
             fmt::join(epochs, ", "));
    }
  }
}

void answers_in_percent(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  const auto metrics = adapted.benchmark->metrics();
  const bool accuracy = std::ranges::find(metrics, "validation_accuracy") != metrics.end();
  double largest = 0.0;
  for (const Architecture& sample : adapted.samples) {
    const Outcome outcome = adapted.benchmark->outcome(sample);
    expect(std::isfinite(outcome.value), "outcome() of {} is {}", shown(sample), outcome.value);
    expect(!accuracy || is_percentage(outcome.value), "outcome() of {} is {}, not between 0 and 100",
           shown(sample), outcome.value);
    largest = std::max(largest, outcome.value);
    const auto test = adapted.benchmark->test(sample);
    expect(!test || is_percentage(*test), "test() of {} is {}, not between 0 and 100", shown(sample),
           test.value_or(0.0));
  }
  expect(!accuracy || largest == 0.0 || largest > 1.0,
         "none of {} architectures is above 1 %: the best is {}", adapted.samples.size(), largest);
}

void costs_no_negative_time(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  for (const Architecture& sample : adapted.samples) {
    const double seconds = adapted.benchmark->outcome(sample).seconds;
    expect(std::isfinite(seconds) && seconds >= 0.0, "the outcome of {} cost {} seconds", shown(sample),
           seconds);
  }
}

void refuses_invalid_architectures(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  Architecture out_of_range = adapted.samples.front();
  out_of_range.set(0, 60'000);
  const Architecture short_one = Architecture::zeros(adapted.samples.front().size() - 1);
  const Architecture long_one = Architecture::zeros(adapted.samples.front().size() + 1);
  for (const Architecture& invalid : {out_of_range, short_one, long_one}) {
    const std::string what = fmt::format("({}), which is no architecture of its space,", shown(invalid));
    expect_refusal<Error>("outcome" + what, "Error", [&] { (void)adapted.benchmark->outcome(invalid); });
    if (adapted.benchmark->test(adapted.samples.front()))
      expect_refusal<Error>("test" + what, "Error", [&] { (void)adapted.benchmark->test(invalid); });
  }
}

void best_is_not_beaten(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  const auto best = adapted.benchmark->best_test();
  if (!best) throw NotApplicable("best_test() is not known");
  expect(is_percentage(*best), "best_test() is {}, not between 0 and 100", *best);
  for (const Architecture& sample : adapted.samples) {
    const auto test = adapted.benchmark->test(sample);
    expect(!test || *test <= *best, "best_test() is {}, and test() of {} is {}", *best, shown(sample),
           test.value_or(0.0));
  }
}

}  // namespace

std::vector<Rule> benchmark_rules(const std::string& name, const BenchmarkCase& how) {
  const auto tested = std::make_shared<const BenchmarkUnderTest>(name, how);
  const auto use = [tested](std::unique_ptr<Plugin> plugin) {
    const Adapted adapted = tested->adapt(PluginUnderTest::as<Benchmark>(std::move(plugin)));
    (void)adapted.benchmark->outcome(adapted.samples.front());
    (void)adapted.benchmark->test(adapted.samples.front());
    (void)adapted.benchmark->query(adapted.samples.front());
    (void)adapted.benchmark->best_test();
  };
  RuleList<BenchmarkUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add({"AdaptsToItsSpace",
             "adapt() succeeds for a space that spaces() names, or for any space if it names none",
             "no search can use the benchmark",
             "name the supported spaces in spaces(); give the case the space and the dataset that the "
             "benchmark needs"},
            adapts_to_its_space);
  rules.add({"NamesWhatItKnows",
             "metrics(), datasets() and epochs() list each item once, and epochs in ascending order",
             "`espalier query` shows a column twice or not at all",
             "list each name once, and epochs from the smallest"},
            names_what_it_knows);
  rules.add({"CostsNoNegativeTime", "the seconds of an outcome are finite and not negative",
             "a budget of seconds never ends, and anytime curves run backwards",
             "return 0 if the cost is not known"},
            costs_no_negative_time);
  rules.add({"RefusesInvalidArchitectures",
             "outcome() and test() throw Error for an architecture that the space does not have",
             "a mistake in an optimizer reads memory beyond the table",
             "look the architecture up through space().index_of() or space().check() first"},
            refuses_invalid_architectures);
  rules.add({"BestIsNotBeaten", "no architecture has a higher test accuracy than best_test()",
             "regrets are negative", "return the maximum of the column that test() reads, or std::nullopt"},
            best_is_not_beaten);
  rules.add({"AnswersInPercent", "outcome() and test() return accuracies in percent",
             "tables and regrets are wrong by a factor of a hundred, or a search ends at a nan",
             "multiply fractions by 100, and throw Error instead of returning nan"},
            answers_in_percent);
  add_answer_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
