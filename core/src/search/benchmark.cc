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

void Benchmark::open(const SearchSpace& space, const Dataset* dataset) {
  if (space_ != nullptr) {
    throw Error({.what = "the benchmark \"" + name() + "\" is open already",
                 .remedy = "create a benchmark for each search space"});
  }
  const std::vector<std::string> known = call_plugin(*this, "spaces()", [&] { return spaces(); });
  if (!known.empty() && !contains(known, space.name())) {
    throw UsageError(
        {.what = "the benchmark \"" + name() + "\" does not know the search space \"" + space.name() + "\"",
         .expected = join_names(known)});
  }
  dataset_ = dataset;
  call_plugin(*this, "load()", [&] { load(space); });
  space_ = &space;
}

double Benchmark::query(const Architecture& architecture, const Query& query) const {
  check(query);
  space_->check(architecture);
  return call_plugin(*this, "query()", [&] { return do_query(architecture, query); });
}

std::vector<double> Benchmark::query(std::span<const Architecture> architectures, const Query& query) const {
  check(query);
  std::vector<double> values;
  values.reserve(architectures.size());
  for (const Architecture& architecture : architectures) {
    space_->check(architecture);
    values.push_back(call_plugin(*this, "query()", [&] { return do_query(architecture, query); }));
  }
  return values;
}

Evaluation Benchmark::evaluate(const Architecture& architecture) const {
  check_open();
  const Evaluation evaluation = call_plugin(*this, "evaluate()", [&] { return do_evaluate(architecture); });
  check_answer(*this, "evaluate()", "value", evaluation.value);
  check_cost(*this, "evaluate()", evaluation.seconds);
  return evaluation;
}

std::optional<double> Benchmark::test(const Architecture& architecture) const {
  check_open();
  const std::optional<double> accuracy = call_plugin(*this, "test()", [&] { return do_test(architecture); });
  if (accuracy) check_answer(*this, "test()", "test accuracy", *accuracy);
  return accuracy;
}

void Benchmark::check_open() const {
  if (space_ != nullptr) return;
  throw Error({.what = "the benchmark \"" + name() + "\" was queried before it was opened",
               .remedy = "call open() with its search space first"});
}

void Benchmark::check(const Query& query) const {
  check_open();
  check_name("metric", query.metric, call_plugin(*this, "metrics()", [&] { return metrics(); }), name());
  check_name("dataset", query.dataset, call_plugin(*this, "datasets()", [&] { return datasets(); }), name());
  if (!query.epoch) return;
  const std::vector<int> known =
      call_plugin(*this, "epochs()", [&] { return epochs(query.metric, query.dataset); });
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
