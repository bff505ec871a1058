#include "search/benchmark_answer_rules.h"

#include <algorithm>
#include <future>

namespace espalier::contract {
namespace {

/// Calls `look` with every query that the benchmark lists.
template <class Look>
void for_every_query(const Benchmark& benchmark, Look look) {
  for (const Metric& metric : benchmark.metrics()) {
    look(metric, Query{.metric = metric.name});
    for (const std::string& dataset : benchmark.datasets()) {
      look(metric, Query{.metric = metric.name, .dataset = dataset});
      for (const int epoch : benchmark.epochs(metric.name, dataset))
        look(metric, Query{.metric = metric.name, .dataset = dataset, .epoch = epoch});
    }
  }
}

void answers_every_query_that_it_names(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  for_every_query(*adapted.benchmark, [&](const Metric& metric, const Query& query) {
    const std::string what = fmt::format("{} on {} after {} epochs", query.metric,
                                         query.dataset.empty() ? "the default" : query.dataset,
                                         query.epoch ? fmt::to_string(*query.epoch) : "the default");
    std::size_t refused = 0;
    for (const Architecture& sample : adapted.samples) {
      try {
        const double value = adapted.benchmark->query(sample, query);
        expect(std::isfinite(value), "{} of {} is {}", what, shown(sample), value);
        if (metric.unit == "%")
          expect(is_percentage(value), "{} of {} is {}, not between 0 and 100", what, shown(sample), value);
        if (metric.unit == "s") expect(value >= 0.0, "{} of {} is {}", what, shown(sample), value);
      } catch (const PluginFailure& failure) {
        throw Violation(fmt::format("asked for {} of {}, it threw: {}", what, shown(sample), failure.what()));
      } catch (const Error&) {
        ++refused;  // this architecture has no value
      } catch (const Violation&) {
        throw;
      } catch (const std::exception& error) {
        throw Violation(fmt::format("asked for {} of {}, it threw: {}", what, shown(sample), error.what()));
      }
    }
    const bool accuracy = metric.name.ends_with("accuracy");
    expect(!accuracy || refused < adapted.samples.size(), "{} is listed, and known for no architecture",
           what);
  });
}

void declares_what_it_lacks(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  for (const Metric& metric : adapted.benchmark->metrics()) {
    for (const Architecture& sample : adapted.samples) {
      try {
        if (!metric.partial) adapted.benchmark->query(sample, Query{.metric = metric.name});
      } catch (const PluginFailure&) {
        throw;
      } catch (const UsageError&) {
        break;  // the metric does not exist under these options: a search for it is refused before it begins
      } catch (const Error& error) {
        throw Violation(fmt::format("{} of {} is not known: {}", metric.name, shown(sample), error.what()));
      }
    }
  }
}

/// The answers about every metric that is not measured.
std::vector<double> answers(const Adapted& adapted, bool backwards = false) {
  const Benchmark& benchmark = *adapted.benchmark;
  const auto value_of = [&](const Architecture& architecture, const std::string& metric) {
    try {
      const double value = benchmark.query(architecture, Query{.metric = metric});
      return std::isnan(value) ? -2.0 : value;  // so that it equals itself
    } catch (const Error&) {
      return -1.0;  // no value
    }
  };
  std::vector<Metric> metrics = benchmark.metrics();
  std::erase_if(metrics, [](const Metric& metric) { return metric.measured; });
  if (metrics.empty()) throw NotApplicable("all metrics are measured");
  std::vector<double> all(metrics.size() * adapted.samples.size());
  for (std::size_t i = 0; i < adapted.samples.size(); ++i) {
    const std::size_t at = backwards ? adapted.samples.size() - 1 - i : i;
    std::ranges::transform(metrics, &all[metrics.size() * at],
                           [&](const Metric& metric) { return value_of(adapted.samples[at], metric.name); });
  }
  return all;
}

void answers_alike(const BenchmarkUnderTest& tested) {
  const Adapted adapted = tested.adapt();
  const auto first = answers(adapted);
  expect(answers(adapted) == first, "asked again, it gives other answers");
  expect(answers(tested.adapt(), /*backwards=*/true) == first,
         "another instance, asked in another order, gives other answers");
}

void answers_threads_alike(const BenchmarkUnderTest& tested) {
  const auto expected = answers(tested.adapt());
  const Adapted adapted = tested.adapt();
  auto one = std::async(std::launch::async, [&] { return answers(adapted); });
  auto other = std::async(std::launch::async, [&] { return answers(adapted, true); });
  expect(one.get() == expected && other.get() == expected, "two threads got other answers than one");
}

}  // namespace

void add_answer_rules(RuleList<BenchmarkUnderTest>& rules) {
  rules.add({"AnswersEveryQueryThatItNames",
             "every metric, dataset and epoch that it lists has a finite value in the unit of the metric, or "
             "throws Error",
             "`espalier query` and the reports of one-shot searches end with an error or print nan",
             "list only what is known, and throw Error for a single architecture without a value"},
            answers_every_query_that_it_names);
  rules.add({"DeclaresWhatItLacks", "every architecture has a value of each metric that is not partial",
             "a search for that metric ends with an error when it meets an architecture without a value",
             "set Metric::partial, so that searches pass over such architectures"},
            declares_what_it_lacks);
  rules.add({"AnswersAlike",
             "an answer depends only on the architecture and the options, unless the metric is measured",
             "no search on the benchmark can be repeated or resumed",
             "seed whatever is random from the options, and declare what is measured (Metric::measured)"},
            answers_alike);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "guard whatever is filled on demand with a mutex, and use no thread_local variables"},
            answers_threads_alike);
}

}  // namespace espalier::contract
