#include "espalier/search/benchmark.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

std::vector<std::string> names_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  names.reserve(metrics.size());
  for (const Metric& metric : metrics) names.push_back(metric.name);
  return names;
}

/// The index of a name; throws where it is not there.
std::size_t index_of(const std::string& kind, const std::string& asked, const std::vector<std::string>& known,
                     const std::string& benchmark) {
  const auto found = std::find(known.begin(), known.end(), asked);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
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

void check_epoch(int epoch, const std::vector<int>& known, const std::string& benchmark) {
  if (known.empty() || std::find(known.begin(), known.end(), epoch) != known.end()) return;
  const int nearest_epoch = *std::min_element(known.begin(), known.end(), [&](int a, int b) {
    return std::abs(std::int64_t{epoch} - a) < std::abs(std::int64_t{epoch} - b);
  });
  throw UsageError({.what = "no results after " + std::to_string(epoch) + " epochs",
                    .where = "benchmark " + benchmark,
                    .expected = join_names(texts(known)),
                    .nearest = std::to_string(nearest_epoch)});
}

}  // namespace

Benchmark::~Benchmark() = default;

void Benchmark::adapt(const SearchSpace& space, const Dataset* dataset) {
  if (space_ != nullptr) {
    throw Error({.what = "the benchmark \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a benchmark for each search space"});
  }
  const std::vector<std::string> known = spaces();
  if (!known.empty() && std::find(known.begin(), known.end(), space.name()) == known.end()) {
    throw UsageError(
        {.what = "the benchmark \"" + name() + "\" does not know the search space \"" + space.name() + "\"",
         .expected = "the search space " + join_names(known),
         .remedy = "write search_space: " + known.front() +
                   ", or a benchmark that knows any search space, such as benchmark: training"});
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

std::vector<Metric> Benchmark::metrics() const {
  return call_plugin(*this, "metrics()", [&] { return metrics_impl(); });
}

std::vector<int> Benchmark::epochs(std::string_view metric, std::string_view dataset) const {
  return call_plugin(*this, "epochs()", [&] { return epochs_impl(metric, dataset); });
}

int Benchmark::full_fidelity() const {
  return call_plugin(*this, "full_fidelity()", [&] { return full_fidelity_impl(); });
}

std::string Benchmark::objective() const {
  return call_plugin(*this, "objective()", [&] { return objective_impl(); });
}

std::string Benchmark::report_metric() const {
  return call_plugin(*this, "report_metric()", [&] { return report_metric_impl(); });
}

std::string Benchmark::cost_metric() const {
  return call_plugin(*this, "cost_metric()", [&] { return cost_metric_impl(); });
}

bool Benchmark::continues_trials() const {
  return call_plugin(*this, "continues_trials()", [&] { return continues_trials_impl(); });
}

std::optional<double> Benchmark::best(std::string_view metric) const {
  check_adapted();
  return call_plugin(*this, "best()", [&] { return best_impl(metric); });
}

Lookup Benchmark::resolve(const Query& query) const {
  Lookup lookup{.metric = 0, .dataset = {}, .epoch = query.epoch};
  const std::string metric = query.metric.empty() ? objective() : query.metric;
  lookup.metric = index_of("metric", metric, names_of(metrics()), name());
  if (!query.dataset.empty()) lookup.dataset = index_of("dataset", query.dataset, datasets(), name());
  if (query.epoch) check_epoch(*query.epoch, epochs(metric, query.dataset), name());
  return lookup;
}

double Benchmark::query(const Architecture& architecture, const Query& query) const {
  check_adapted();
  return value(architecture, resolve(query));
}

double Benchmark::value(const Architecture& architecture, const Lookup& lookup) const {
  check_adapted();
  space_->check(architecture);
  return call_plugin(*this, "value()", [&] { return value_impl(architecture, lookup); });
}

std::vector<double> Benchmark::query(std::span<const Architecture> architectures, const Query& query) const {
  check_adapted();
  const Lookup lookup = resolve(query);
  std::vector<double> all;
  all.reserve(architectures.size());
  for (const Architecture& architecture : architectures) all.push_back(value(architecture, lookup));
  return all;
}

void Benchmark::values(const Architecture& architecture, std::span<const Lookup> lookups,
                       std::span<double> values) const {
  check_adapted();
  call_plugin(*this, "values()", [&] { values_impl(architecture, lookups, values); });
}

int Benchmark::full_fidelity_impl() const {
  const std::vector<int> known = epochs(objective());
  return known.empty() ? 0 : known.back();
}

std::string Benchmark::objective_impl() const {
  const std::vector<Metric> known = metrics();
  if (!known.empty()) return known.front().name;
  throw Error({.what = "the benchmark lists no metric", .expected = "one or more"});
}

std::string Benchmark::report_metric_impl() const {
  return has_metric("test_accuracy") ? "test_accuracy" : "";
}

std::string Benchmark::cost_metric_impl() const { return has_metric("train_seconds") ? "train_seconds" : ""; }

void Benchmark::values_impl(const Architecture& architecture, std::span<const Lookup> lookups,
                            std::span<double> values) const {
  for (std::size_t i = 0; i < lookups.size(); ++i) values[i] = value_impl(architecture, lookups[i]);
}

bool Benchmark::has_metric(std::string_view name) const {
  const std::vector<Metric> known = metrics();
  return std::ranges::find(known, name, &Metric::name) != known.end();
}

void Benchmark::check_adapted() const {
  if (space_ != nullptr) return;
  throw Error({.what = "the benchmark \"" + name() + "\" was queried before it knew its search space",
               .remedy = "call adapt() first"});
}

}  // namespace espalier
