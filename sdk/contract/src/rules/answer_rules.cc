#include "rules/answer_rules.h"

#include <algorithm>
#include <future>

namespace espalier::contract {
namespace {

/// Calls `look` with every query that the benchmark names.
template <class Look>
void for_every_query(const Benchmark& benchmark, Look look) {
  for (const std::string& metric : benchmark.metrics()) {
    look(Query{.metric = metric});
    for (const std::string& dataset : benchmark.datasets()) {
      look(Query{.metric = metric, .dataset = dataset});
      for (const int epoch : benchmark.epochs(metric, dataset))
        look(Query{.metric = metric, .dataset = dataset, .epoch = epoch});
    }
  }
}

void answers_every_query_that_it_names(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  for_every_query(*opened.benchmark, [&](const Query& query) {
    const std::string what = fmt::format("{} on {} after {} epochs", query.metric,
                                         query.dataset.empty() ? "the default" : query.dataset,
                                         query.epoch ? fmt::to_string(*query.epoch) : "the default");
    std::size_t refused = 0;
    for (const Architecture& sample : opened.samples) {
      try {
        const double value = opened.benchmark->query(sample, query);
        expect(std::isfinite(value), "{} of {} is {}", what, shown(sample), value);
        if (query.metric.ends_with("accuracy"))
          expect(is_percentage(value), "{} of {} is {}, not 0 to 100", what, shown(sample), value);
        if (query.metric.ends_with("seconds"))
          expect(value >= 0.0, "{} of {} is {}", what, shown(sample), value);
      } catch (const PluginFailure& failure) {
        throw Violation(fmt::format("{} of {} was answered with: {}", what, shown(sample), failure.what()));
      } catch (const Error&) {
        ++refused;  // where it has no value
      } catch (const Violation&) {
        throw;
      } catch (const std::exception& error) {
        throw Violation(fmt::format("{} of {} was answered with: {}", what, shown(sample), error.what()));
      }
    }
    const bool accuracy = query.metric.ends_with("accuracy");
    expect(!accuracy || refused < opened.samples.size(), "{}, which it names, is known of no architecture",
           what);
  });
}

/// Everything that a search asks, and each metric.
std::vector<double> answers(const Opened& opened, bool backwards = false) {
  const Benchmark& benchmark = *opened.benchmark;
  const auto metric_of = [&](const Architecture& architecture, const std::string& metric) {
    try {
      const double value = benchmark.query(architecture, {.metric = metric});
      return std::isnan(value) ? -2.0 : value;  // so that it equals itself
    } catch (const Error&) {
      return -1.0;  // no value
    }
  };
  const std::vector<std::string> metrics = benchmark.metrics();
  const std::size_t width = 3 + metrics.size();
  std::vector<double> all(width * opened.samples.size());
  for (std::size_t i = 0; i < opened.samples.size(); ++i) {
    const std::size_t at = backwards ? opened.samples.size() - 1 - i : i;
    const Architecture& sample = opened.samples[at];
    const Outcome outcome = benchmark.outcome(sample);
    double* const row = &all[width * at];
    row[0] = outcome.value;
    row[1] = outcome.seconds;
    row[2] = benchmark.test(sample).value_or(-1.0);
    std::ranges::transform(metrics, row + 3,
                           [&](const std::string& metric) { return metric_of(sample, metric); });
  }
  return all;
}

void answers_alike(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  const auto first = answers(opened);
  expect(answers(opened) == first, "asked again, it answers otherwise");
  expect(answers(trial.open(), /*backwards=*/true) == first,
         "another instance, asked in another order, answers otherwise");
}

void answers_threads_alike(const BenchmarkTrial& trial) {
  const auto expected = answers(trial.open());
  const Opened opened = trial.open();
  auto one = std::async(std::launch::async, [&] { return answers(opened); });
  auto other = std::async(std::launch::async, [&] { return answers(opened, true); });
  expect(one.get() == expected && other.get() == expected, "two threads got other answers than one");
}

}  // namespace

void add_answer_rules(RuleList<BenchmarkTrial>& rules) {
  rules.add(
      {"AnswersEveryQueryThatItNames",
       "every metric, dataset and epoch that it names has a finite value, accuracies in percent, or an Error",
       "`espalier query` and the reports of one-shot searches end with an error or print nan",
       "name only what is known; throw Error where one architecture has no value"},
      answers_every_query_that_it_names);
  rules.add({"AnswersAlike", "an answer depends on the architecture and the options alone",
             "no search on it can be repeated or resumed",
             "seed whatever is random from the options, and measure no time"},
            answers_alike);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "guard what is filled on demand with a mutex; nothing thread_local"},
            answers_threads_alike);
}

}  // namespace espalier::contract
