#include "epoch_report.h"

#include <algorithm>
#include <cmath>

#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"

using namespace espalier;
using nlohmann::json;

void EpochTotals::add(const StepResult& step) {
  constexpr double percent = 100.0;
  sums_.train_loss += step.train.loss;
  sums_.train_accuracy += percent * step.train.correct;
  sums_.validation_loss += step.validation.loss;
  sums_.validation_accuracy += percent * step.validation.correct;
  ++steps_;
}

EpochMeans EpochTotals::means() const {
  const double steps = std::max(1.0, static_cast<double>(steps_));
  return {.train_loss = sums_.train_loss / steps,
          .train_accuracy = sums_.train_accuracy / steps,
          .validation_loss = sums_.validation_loss / steps,
          .validation_accuracy = sums_.validation_accuracy / steps};
}

json EpochTotals::save() const {
  return {sums_.train_loss, sums_.train_accuracy, sums_.validation_loss, sums_.validation_accuracy, steps_};
}

void EpochTotals::load(const json& state) {
  sums_ = {.train_loss = state.at(0).get<double>(),
           .train_accuracy = state.at(1).get<double>(),
           .validation_loss = state.at(2).get<double>(),
           .validation_accuracy = state.at(3).get<double>()};
  steps_ = state.at(4).get<std::uint64_t>();
}

namespace {

/// The entropy of a choice's strengths in nats, as a mean over the choices. It falls from the logarithm of
/// the number of candidates, when all are equal, to 0, when every choice is decided.
double mean_entropy(const std::vector<std::vector<double>>& strengths) {
  double entropy = 0.0;
  for (const auto& candidates : strengths)
    for (const double strength : candidates) entropy -= strength > 0.0 ? strength * std::log(strength) : 0.0;
  return entropy / static_cast<double>(strengths.size());
}

/// The accuracies on every dataset of the benchmark.
json query_all(const Benchmark& benchmark, const Architecture& architecture) {
  json datasets = json::object();
  const std::vector<Metric> metrics = benchmark.metrics();
  for (const std::string& dataset : benchmark.datasets()) {
    for (const char* name : {"validation_accuracy", "test_accuracy"}) {
      if (std::ranges::find(metrics, name, &Metric::name) != metrics.end())
        datasets[dataset][name] = benchmark.query(architecture, Query{.metric = name, .dataset = dataset});
    }
  }
  return datasets;
}

}  // namespace

EpochEvent report_epoch(int epoch, const EpochTotals& totals, const OneShotOptimizer& optimizer,
                        const Resources& resources) {
  const EpochMeans means = totals.means();
  const auto strengths = optimizer.strengths();
  const Architecture architecture = optimizer.final_architecture();
  EpochEvent event{.epoch = static_cast<std::uint64_t>(epoch),
                   .architecture = optimizer.space().to_string(architecture),
                   .more = {{"train_loss", means.train_loss},
                            {"train_accuracy", means.train_accuracy},
                            {"validation_loss", means.validation_loss},
                            {"validation_accuracy", means.validation_accuracy},
                            {"strengths", strengths},
                            {"entropy", mean_entropy(strengths)}}};
  if (resources.objective != nullptr)
    event.values = resources.objective->in_units(resources.objective->outcome(architecture));
  if (resources.report != nullptr) {
    event.more["benchmark"] = query_all(resources.report->benchmark(), architecture);
    event.report = resources.report->value(architecture);
  }
  return event;
}
