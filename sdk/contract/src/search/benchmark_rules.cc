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
  expect_names("metrics()", names_of(adapted.benchmark->metrics()));
  expect_names("datasets()", adapted.benchmark->datasets());
  for (const std::string& metric : names_of(adapted.benchmark->metrics())) {
    for (const std::string& dataset : adapted.benchmark->datasets()) {
      const std::vector<int> epochs = adapted.benchmark->epochs(metric, dataset);
      const bool ascend = std::ranges::adjacent_find(epochs, std::ranges::greater_equal()) == epochs.end();
      expect(ascend && (epochs.empty() || epochs.front() > 0),
             "the epochs of {} on {} are {}, which are not positive and ascending", metric, dataset,
             fmt::join(epochs, ", "));
    }
  }
}

void declares_its_metrics(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  const std::vector<Metric> metrics = adapted.benchmark->metrics();
  for (const Metric& metric : metrics) {
    expect(!metric.help.empty(), "the metric {} has no help", metric.name);
    expect(!metric.name.ends_with("accuracy") || metric.unit == "%", "the unit of {} is \"{}\", not \"%\"",
           metric.name, metric.unit);
    expect(!metric.name.ends_with("seconds") || metric.unit == "s", "the unit of {} is \"{}\", not \"s\"",
           metric.name, metric.unit);
  }
  const std::vector<std::string> names = names_of(metrics);
  const auto expect_known = [&](const char* what, const std::string& name) {
    expect(name.empty() || std::ranges::find(names, name) != names.end(),
           "{} is \"{}\", which metrics() does not list", what, name);
  };
  expect(!adapted.benchmark->objective().empty(), "objective() is empty");
  expect_known("objective()", adapted.benchmark->objective());
  expect_known("report_metric()", adapted.benchmark->report_metric());
  expect_known("cost_metric()", adapted.benchmark->cost_metric());
  const std::vector<int> epochs = adapted.benchmark->epochs(adapted.benchmark->objective());
  const int full = adapted.benchmark->full_fidelity();
  expect(epochs.empty() ? full == 0 : std::ranges::find(epochs, full) != epochs.end(),
         "full_fidelity() is {}, and the objective is known after {} epochs", full, fmt::join(epochs, ", "));
}

/// The values of a metric for all samples that have one.
std::vector<double> known_values(const Adapted& adapted, const Metric& metric) {
  std::vector<double> values;
  for (const Architecture& sample : adapted.samples) {
    try {
      values.push_back(adapted.benchmark->query(sample, Query{.metric = metric.name}));
    } catch (const PluginFailure&) {
      throw;
    } catch (const Error&) {  // no value
    }
  }
  return values;
}

void keeps_its_units(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  for (const Metric& metric : adapted.benchmark->metrics()) {
    const std::vector<double> values = known_values(adapted, metric);
    for (const double value : values) {
      expect(std::isfinite(value), "{} of an architecture is {}", metric.name, value);
      if (metric.unit == "%")
        expect(is_percentage(value), "{} of an architecture is {}, not between 0 and 100", metric.name,
               value);
      if (metric.unit == "s") expect(value >= 0.0, "{} of an architecture is {} seconds", metric.name, value);
    }
    const double largest = values.empty() ? 0.0 : std::ranges::max(values);
    expect(metric.unit != "%" || largest == 0.0 || largest > 1.0,
           "{} of none of {} architectures is above 1 %: the best is {}", metric.name, values.size(),
           largest);
  }
}

void best_is_not_beaten(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  bool any = false;
  for (const Metric& metric : adapted.benchmark->metrics()) {
    const auto best = adapted.benchmark->best(metric.name);
    if (!best) continue;
    any = true;
    for (const double value : known_values(adapted, metric))
      expect(higher_is_better(metric, value) <= higher_is_better(metric, *best),
             "best(\"{}\") is {}, and an architecture has {}", metric.name, *best, value);
  }
  if (!any) throw NotApplicable("best() is not known of any metric");
}

}  // namespace

std::vector<Rule> benchmark_rules(const std::string& name, const BenchmarkCase& how) {
  const auto tested = std::make_shared<const BenchmarkUnderTest>(name, how);
  const auto use = [tested](std::unique_ptr<Plugin> plugin) {
    const Adapted adapted = tested->adapt(PluginUnderTest::as<Benchmark>(std::move(plugin)));
    try {
      (void)adapted.benchmark->query(adapted.samples.front());
    } catch (const PluginFailure&) {
      throw;
    } catch (const UsageError&) {
      throw;
    } catch (const Error&) {  // a partial metric has no value here
    }
    (void)adapted.benchmark->best(adapted.benchmark->objective());
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
  rules.add(
      {"DeclaresItsMetrics",
       "each metric has help and a unit that fits its name; objective(), report_metric(), cost_metric() "
       "and full_fidelity() name what the benchmark knows",
       "`espalier describe` leaves users guessing, and searches optimize a metric that does not exist",
       "fill in every member of Metric; accuracies are in \"%\" and seconds in \"s\""},
      declares_its_metrics);
  rules.add({"KeepsItsUnits",
             "values are finite; those in percent lie between 0 and 100, and seconds are not negative",
             "tables and regrets are wrong by a factor of a hundred, or a budget of seconds never ends",
             "multiply fractions by 100 or declare another unit, and throw Error instead of returning nan"},
            keeps_its_units);
  rules.add({"BestIsNotBeaten", "no architecture has a better value of a metric than best()",
             "regrets are negative", "return the best of the column that query() reads, or std::nullopt"},
            best_is_not_beaten);
  add_answer_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
