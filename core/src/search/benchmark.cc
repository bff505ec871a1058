#include "espalier/search/benchmark.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"

namespace espalier {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_name(const std::string& kind, const std::string& asked, const std::vector<std::string>& known,
                const std::string& benchmark) {
  if (asked.empty() || contains(known, asked)) return;
  throw UsageError({.what = "unknown " + kind + " \"" + asked + "\"",
                    .where = "benchmark " + benchmark,
                    .expected = join_names(known),
                    .nearest = nearest(asked, known)});
}

std::vector<std::string> texts(const std::vector<int>& numbers) {
  std::vector<std::string> result;
  result.reserve(numbers.size());
  for (const int number : numbers) result.push_back(std::to_string(number));
  return result;
}

}  // namespace

Benchmark::~Benchmark() = default;

void Benchmark::adapt(const SearchSpace& space, const Dataset* dataset) {
  if (space_ != nullptr) {
    throw Error({.what = "the benchmark \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a benchmark for each search space"});
  }
  const std::vector<std::string> known = spaces();
  if (!known.empty() && !contains(known, space.name())) {
    throw UsageError(
        {.what = "the benchmark \"" + name() + "\" does not know the search space \"" + space.name() + "\"",
         .expected = join_names(known)});
  }
  dataset_ = dataset;
  call_plugin(*this, "adapt()", [&] { adapt_impl(space); });
  space_ = &space;
}

std::vector<std::string> Benchmark::spaces() const {
  return call_plugin(*this, "spaces()", [&] { return spaces_impl(); });
}

std::vector<std::string> Benchmark::datasets() const {
  return call_plugin(*this, "datasets()", [&] { return datasets_impl(); });
}

std::vector<std::string> Benchmark::metrics() const {
  return call_plugin(*this, "metrics()", [&] { return metrics_impl(); });
}

std::vector<int> Benchmark::epochs(std::string_view metric, std::string_view dataset) const {
  return call_plugin(*this, "epochs()", [&] { return epochs_impl(metric, dataset); });
}

std::optional<double> Benchmark::best_test() const {
  return call_plugin(*this, "best_test()", [&] { return best_test_impl(); });
}

double Benchmark::query(const Architecture& architecture, const Query& query) const {
  check(query);
  space_->check(architecture);
  return call_plugin(*this, "query()", [&] { return query_impl(architecture, query); });
}

std::vector<double> Benchmark::query(std::span<const Architecture> architectures, const Query& query) const {
  check(query);
  std::vector<double> values;
  values.reserve(architectures.size());
  for (const Architecture& architecture : architectures) {
    space_->check(architecture);
    values.push_back(call_plugin(*this, "query()", [&] { return query_impl(architecture, query); }));
  }
  return values;
}

Outcome Benchmark::outcome(const Architecture& architecture) const {
  check_adapted();
  const Outcome outcome = call_plugin(*this, "outcome()", [&] { return outcome_impl(architecture); });
  check_answer(*this, "outcome()", "value", outcome.value);
  check_cost(*this, "outcome()", outcome.seconds);
  return outcome;
}

std::optional<double> Benchmark::test(const Architecture& architecture) const {
  check_adapted();
  const std::optional<double> accuracy =
      call_plugin(*this, "test()", [&] { return test_impl(architecture); });
  if (accuracy) check_answer(*this, "test()", "test accuracy", *accuracy);
  return accuracy;
}

void Benchmark::check_adapted() const {
  if (space_ != nullptr) return;
  throw Error({.what = "the benchmark \"" + name() + "\" was queried before it knew its search space",
               .remedy = "call adapt() first"});
}

void Benchmark::check(const Query& query) const {
  check_adapted();
  check_name("metric", query.metric, metrics(), name());
  check_name("dataset", query.dataset, datasets(), name());
  if (!query.epoch) return;
  const std::vector<int> known = epochs(query.metric, query.dataset);
  if (known.empty() || std::find(known.begin(), known.end(), *query.epoch) != known.end()) return;
  const int nearest_epoch = *std::min_element(known.begin(), known.end(), [&](int a, int b) {
    return std::abs(std::int64_t{*query.epoch} - a) < std::abs(std::int64_t{*query.epoch} - b);
  });
  throw UsageError({.what = "no results after " + std::to_string(*query.epoch) + " epochs",
                    .where = "benchmark " + name(),
                    .expected = join_names(texts(known)),
                    .nearest = std::to_string(nearest_epoch)});
}

}  // namespace espalier
