#include "epoch_report.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"

using namespace espalier;
using nlohmann::json;

void EpochTotals::add(const StepResult& step) {
  constexpr double percent = 100.0;
  sums_.train_loss += step.train.loss;
  sums_.train_accuracy += percent * step.train.correct;
  ++steps_;
  if (!step.validation) return;
  sums_.validation_loss += step.validation->loss;
  sums_.validation_accuracy += percent * step.validation->correct;
  ++validation_steps_;
}

EpochMeans EpochTotals::means() const {
  const double steps = std::max(1.0, static_cast<double>(steps_));
  const double validation_steps = std::max(1.0, static_cast<double>(validation_steps_));
  return {.train_loss = sums_.train_loss / steps,
          .train_accuracy = sums_.train_accuracy / steps,
          .validation_loss = sums_.validation_loss / validation_steps,
          .validation_accuracy = sums_.validation_accuracy / validation_steps};
}

json EpochTotals::save() const {
  return {sums_.train_loss, sums_.train_accuracy, sums_.validation_loss, sums_.validation_accuracy,
          steps_,           validation_steps_};
}

void EpochTotals::load(const json& state) {
  sums_ = {.train_loss = state.at(0).get<double>(),
           .train_accuracy = state.at(1).get<double>(),
           .validation_loss = state.at(2).get<double>(),
           .validation_accuracy = state.at(3).get<double>()};
  steps_ = state.at(4).get<std::uint64_t>();
  validation_steps_ = state.at(5).get<std::uint64_t>();
}

namespace {

/// Of a choice's strengths as parts of their sum, in nats.
double entropy(const std::vector<double>& strengths) {
  double entropy = 0.0;
  const double sum = std::accumulate(strengths.begin(), strengths.end(), 0.0);
  for (const double strength : strengths)
    if (strength > 0.0) entropy -= strength / sum * std::log(strength / sum);
  return entropy;
}

/// The mean over the choices. It falls from the logarithm of the number of candidates, when all are equal, to
/// 0, when every choice is decided.
double mean_entropy(const std::vector<std::vector<double>>& strengths) {
  double sum = 0.0;
  for (const auto& candidates : strengths) sum += entropy(candidates);
  return sum / static_cast<double>(strengths.size());
}

/// What `ask` returns; nothing where the benchmark does not know it.
template <class Ask>
auto where_known(const Ask& ask) -> std::optional<decltype(ask())> try {
  return ask();
} catch (const PluginFailure&) {
  throw;
} catch (const Error&) {
  return std::nullopt;
}

/// The accuracies on every dataset of the benchmark.
json query_all(const Benchmark& benchmark, const Architecture& architecture) {
  json datasets = json::object();
  const std::vector<Metric> metrics = benchmark.metrics();
  for (const std::string& dataset : benchmark.datasets()) {
    for (const char* name : {"validation_accuracy", "test_accuracy"}) {
      if (std::ranges::find(metrics, name, &Metric::name) == metrics.end()) continue;
      const Query query{.metric = name, .dataset = dataset};
      if (const auto value = where_known([&] { return benchmark.query(architecture, query); }))
        datasets[dataset][name] = *value;
    }
  }
  return datasets;
}

}  // namespace

std::optional<double> undecided(const std::vector<std::vector<double>>& strengths) {
  double sum = 0.0;
  double largest = 0.0;
  for (const auto& candidates : strengths) {
    sum += entropy(candidates);
    if (!candidates.empty()) largest += std::log(static_cast<double>(candidates.size()));
  }
  if (largest <= 0.0) return std::nullopt;
  return std::clamp(sum / largest, 0.0, 1.0);
}

std::vector<double> known_values(const ObjectiveFunction& objective, const Architecture& architecture) {
  const auto values = where_known([&] { return objective.in_units(objective.outcome(architecture)); });
  return values.value_or(std::vector<double>());
}

EpochEvent report_epoch(int epoch, const EpochTotals& totals, const OneShotOptimizer& optimizer,
                        const Resources& resources) {
  const EpochMeans means = totals.means();
  EpochEvent event{.epoch = static_cast<std::uint64_t>(epoch),
                   .more = {{"train_loss", means.train_loss}, {"train_accuracy", means.train_accuracy}}};
  if (totals.has_validation()) {
    event.more["validation_loss"] = means.validation_loss;
    event.more["validation_accuracy"] = means.validation_accuracy;
  }
  if (const auto strengths = optimizer.strengths(); !strengths.empty()) {
    event.more["strengths"] = strengths;
    event.more["entropy"] = mean_entropy(strengths);
  }
  if (const auto figures = optimizer.figures(); !figures.empty()) event.more["figures"] = figures;
  if (!optimizer.has_found()) return event;

  const Architecture architecture = optimizer.final_architecture();
  event.architecture = optimizer.space().to_string(architecture);
  if (resources.objective != nullptr) event.values = known_values(*resources.objective, architecture);
  if (resources.report != nullptr) {
    event.more["benchmark"] = query_all(resources.report->benchmark(), architecture);
    event.report = resources.report->value(architecture);
  }
  return event;
}
