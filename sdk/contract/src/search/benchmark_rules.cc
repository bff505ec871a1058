#include <algorithm>
#include <cmath>
#include <set>

#include "rules/answer_rules.h"
#include "rules/option_rules.h"
#include "search/benchmark_case.h"

namespace espalier::contract {
namespace {

void opens_for_its_space(const BenchmarkTrial& trial) { trial.open(); }

void names_what_it_knows(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  const auto expect_names = [](const char* what, const std::vector<std::string>& names) {
    std::set<std::string> seen;
    for (const std::string& name : names)
      expect(!name.empty() && seen.insert(name).second, "{} names \"{}\", which is empty or there twice",
             what, name);
  };
  expect(!opened.benchmark->metrics().empty(), "metrics() is empty");
  expect_names("spaces()", opened.benchmark->spaces());
  expect_names("metrics()", opened.benchmark->metrics());
  expect_names("datasets()", opened.benchmark->datasets());
  for (const std::string& metric : opened.benchmark->metrics()) {
    for (const std::string& dataset : opened.benchmark->datasets()) {
      const std::vector<int> epochs = opened.benchmark->epochs(metric, dataset);
      const bool ascend = std::ranges::adjacent_find(epochs, std::ranges::greater_equal()) == epochs.end();
      expect(ascend && (epochs.empty() || epochs.front() > 0),
             "the epochs of {} on {} are {}, not positive and ascending", metric, dataset,
             fmt::join(epochs, ", "));
    }
  }
}

void evaluates_in_percent(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  const auto metrics = opened.benchmark->metrics();
  const bool accuracy = std::ranges::find(metrics, "validation_accuracy") != metrics.end();
  double largest = 0.0;
  for (const Architecture& sample : opened.samples) {
    const Outcome outcome = opened.benchmark->outcome(sample);
    expect(std::isfinite(outcome.value), "evaluate() of {} is {}", shown(sample), outcome.value);
    expect(!accuracy || is_percentage(outcome.value), "evaluate() of {} is {}, not 0 to 100", shown(sample),
           outcome.value);
    largest = std::max(largest, outcome.value);
    const auto test = opened.benchmark->test(sample);
    expect(!test || is_percentage(*test), "test() of {} is {}, not 0 to 100", shown(sample),
           test.value_or(0.0));
  }
  expect(!accuracy || largest == 0.0 || largest > 1.0,
         "of {} architectures none is above 1 %: the best is {}", opened.samples.size(), largest);
}

void costs_no_negative_time(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  for (const Architecture& sample : opened.samples) {
    const double seconds = opened.benchmark->outcome(sample).seconds;
    expect(std::isfinite(seconds) && seconds >= 0.0, "evaluating {} costs {} seconds", shown(sample),
           seconds);
  }
}

void refuses_foreign_architectures(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  Architecture out_of_range = opened.samples.front();
  out_of_range.set(0, 60'000);
  const Architecture short_one = Architecture::zeros(opened.samples.front().size() - 1);
  const Architecture long_one = Architecture::zeros(opened.samples.front().size() + 1);
  for (const Architecture& foreign : {out_of_range, short_one, long_one}) {
    const std::string what = fmt::format("({}), no architecture of its space,", shown(foreign));
    expect_refusal<Error>("evaluate" + what, "Error", [&] { (void)opened.benchmark->outcome(foreign); });
    if (opened.benchmark->test(opened.samples.front()))
      expect_refusal<Error>("test" + what, "Error", [&] { (void)opened.benchmark->test(foreign); });
  }
}

void best_is_not_beaten(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  const auto best = opened.benchmark->best_test();
  if (!best) throw NotApplicable("best_test() is not known");
  expect(is_percentage(*best), "best_test() is {}, not 0 to 100", *best);
  for (const Architecture& sample : opened.samples) {
    const auto test = opened.benchmark->test(sample);
    expect(!test || *test <= *best, "best_test() is {}, and test() of {} is {}", *best, shown(sample),
           test.value_or(0.0));
  }
}

}  // namespace

std::vector<Rule> benchmark_rules(const std::string& name, const BenchmarkCase& tested) {
  const auto trial = std::make_shared<const BenchmarkTrial>(name, tested);
  const auto use = [trial](std::unique_ptr<Plugin> plugin) {
    const Opened opened = trial->open(Tested::as<Benchmark>(std::move(plugin)));
    (void)opened.benchmark->outcome(opened.samples.front());
    (void)opened.benchmark->test(opened.samples.front());
    (void)opened.benchmark->query(opened.samples.front());
    (void)opened.benchmark->best_test();
  };
  RuleList<BenchmarkTrial> rules(trial, option_rules(trial->tested, use));
  rules.add(
      {"OpensForItsSpace", "open() succeeds for a space that spaces() names, or any where it names none",
       "no search can use the benchmark",
       "name the spaces that it knows in spaces(); give the case the space and the dataset that it needs"},
      opens_for_its_space);
  rules.add({"NamesWhatItKnows", "metrics(), datasets() and epochs() name everything once, epochs ascending",
             "`espalier query` shows a column twice or not at all",
             "list each name once, and epochs from the smallest"},
            names_what_it_knows);
  rules.add({"CostsNoNegativeTime", "the seconds of an evaluation are finite and not negative",
             "a budget of seconds never ends, and anytime curves run backwards",
             "give 0 where the cost is not known"},
            costs_no_negative_time);
  rules.add({"RefusesForeignArchitectures",
             "evaluate() and test() throw Error for what is no architecture of the space",
             "a mistake of an optimizer reads memory beyond the table",
             "look the architecture up through space().index_of() or space().check() first"},
            refuses_foreign_architectures);
  rules.add({"BestIsNotBeaten", "no architecture has a higher test accuracy than best_test()",
             "regrets are negative", "give the maximum of the column that test() reads, or nothing"},
            best_is_not_beaten);
  rules.add({"EvaluatesInPercent", "evaluate() and test() give accuracies in percent",
             "tables and regrets are wrong by a factor of a hundred, or a search ends at a nan",
             "multiply fractions by 100; throw Error instead of giving nan"},
            evaluates_in_percent);
  add_answer_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
