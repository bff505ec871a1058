#include <algorithm>
#include <cmath>
#include <future>
#include <set>

#include "espalier/benchmark.h"
#include "espalier/contract/benchmark.h"
#include "espalier/dataset.h"
#include "espalier/random.h"
#include "option_rules.h"
#include "rule_list.h"
#include "small_spaces.h"
#include "tested.h"

namespace espalier::contract {
namespace {

/// A benchmark that is open, and what it looks at.
struct Opened {
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<Benchmark> benchmark;
  std::vector<Architecture> samples;
};

struct BenchmarkTrial {
  BenchmarkTrial(const std::string& name, const BenchmarkCase& given)
      : tested(std::make_shared<Tested>("benchmark", name, given.plugin_path, given.options)), how(given) {}

  Opened open() const { return open(tested->make<Benchmark>()); }
  Opened open(std::unique_ptr<Benchmark> benchmark) const {
    Opened opened{
        .space = space_for(*benchmark), .dataset = {}, .benchmark = std::move(benchmark), .samples = {}};
    if (!how.dataset.name.empty())
      opened.dataset = tested->host().dataset(how.dataset.name, how.dataset.options);
    opened.benchmark->open(*opened.space, opened.dataset.get());
    for (std::size_t i = 0; i < how.architectures; ++i) {
      Rng rng(0, "contract/benchmark", i);
      opened.samples.push_back(opened.space->sample(rng));
    }
    return opened;
  }

  std::shared_ptr<const Tested> tested;
  BenchmarkCase how;

 private:
  std::unique_ptr<SearchSpace> space_for(const Benchmark& benchmark) const {
    if (!how.space.name.empty()) return make_space(*tested, how.space);
    const std::vector<std::string> known = benchmark.spaces();
    if (known.empty()) return make_mixed();
    return make_space(*tested, {.name = known.front()});
  }
};

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

bool is_percentage(double value) { return std::isfinite(value) && value >= 0.0 && value <= 100.0; }

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

void evaluates_in_percent(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  const auto metrics = opened.benchmark->metrics();
  const bool accuracy = std::ranges::find(metrics, "validation_accuracy") != metrics.end();
  double largest = 0.0;
  for (const Architecture& sample : opened.samples) {
    const Evaluation evaluation = opened.benchmark->evaluate(sample);
    expect(std::isfinite(evaluation.value), "evaluate() of {} is {}", shown(sample), evaluation.value);
    expect(!accuracy || is_percentage(evaluation.value), "evaluate() of {} is {}, not 0 to 100",
           shown(sample), evaluation.value);
    largest = std::max(largest, evaluation.value);
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
    const double seconds = opened.benchmark->evaluate(sample).seconds;
    expect(std::isfinite(seconds) && seconds >= 0.0, "evaluating {} costs {} seconds", shown(sample),
           seconds);
  }
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
    const Evaluation evaluation = benchmark.evaluate(sample);
    double* const row = &all[width * at];
    row[0] = evaluation.value;
    row[1] = evaluation.seconds;
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

void refuses_foreign_architectures(const BenchmarkTrial& trial) {
  const Opened opened = trial.open();
  Architecture out_of_range = opened.samples.front();
  out_of_range.set(0, 60'000);
  const Architecture short_one = Architecture::zeros(opened.samples.front().size() - 1);
  const Architecture long_one = Architecture::zeros(opened.samples.front().size() + 1);
  for (const Architecture& foreign : {out_of_range, short_one, long_one}) {
    const std::string what = fmt::format("({}), no architecture of its space,", shown(foreign));
    expect_refusal<Error>("evaluate" + what, "Error", [&] { (void)opened.benchmark->evaluate(foreign); });
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
    (void)opened.benchmark->evaluate(opened.samples.front());
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
  rules.add(
      {"AnswersEveryQueryThatItNames",
       "every metric, dataset and epoch that it names has a finite value, accuracies in percent, or an Error",
       "`espalier query` and the reports of one-shot searches end with an error or print nan",
       "name only what is known; throw Error where one architecture has no value"},
      answers_every_query_that_it_names);
  rules.add({"EvaluatesInPercent", "evaluate() and test() give accuracies in percent",
             "tables and regrets are wrong by a factor of a hundred, or a search ends at a nan",
             "multiply fractions by 100; throw Error instead of giving nan"},
            evaluates_in_percent);
  rules.add({"CostsNoNegativeTime", "the seconds of an evaluation are finite and not negative",
             "a budget of seconds never ends, and anytime curves run backwards",
             "give 0 where the cost is not known"},
            costs_no_negative_time);
  rules.add({"AnswersAlike", "an answer depends on the architecture and the options alone",
             "no search on it can be repeated or resumed",
             "seed whatever is random from the options, and measure no time"},
            answers_alike);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "guard what is filled on demand with a mutex; nothing thread_local"},
            answers_threads_alike);
  rules.add({"RefusesForeignArchitectures",
             "evaluate() and test() throw Error for what is no architecture of the space",
             "a mistake of an optimizer reads memory beyond the table",
             "look the architecture up through space().index_of() or space().check() first"},
            refuses_foreign_architectures);
  rules.add({"BestIsNotBeaten", "no architecture has a higher test accuracy than best_test()",
             "regrets are negative", "give the maximum of the column that test() reads, or nothing"},
            best_is_not_beaten);
  return rules.take();
}

}  // namespace espalier::contract
