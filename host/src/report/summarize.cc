#include "report/summarize.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "report/hypervolume.h"

namespace espalier::host {
namespace {

/// Nothing unless every seed has the figure.
std::optional<Statistics> over_seeds(const std::vector<SeedResult>& results, const auto& figure_of,
                                     const Metric& metric) {
  std::vector<double> values;
  for (const SeedResult& result : results)
    if (const std::optional<double> figure = figure_of(result)) values.push_back(*figure);
  if (values.empty() || values.size() < results.size()) return std::nullopt;
  return statistics(values, metric);
}

/// Over the trainings from scratch, of which a seed has any number.
std::optional<Statistics> over_trainings(const std::vector<SeedResult>& results) {
  std::vector<double> values;
  for (const SeedResult& result : results)
    for (const TrainedArchitecture& trained : result.trained) values.push_back(trained.result.test);
  if (values.empty()) return std::nullopt;
  return statistics(values, Metric{.name = "test_accuracy", .unit = "%"});
}

std::vector<Statistics> over_values(const std::vector<SeedResult>& results,
                                    const std::vector<Metric>& objectives) {
  std::vector<Statistics> all;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    const auto value = [i](const SeedResult& result) {
      return i < result.values.size() ? std::optional(result.values[i]) : std::nullopt;
    };
    const auto figure = over_seeds(results, value, objectives[i]);
    if (!figure) return {};
    all.push_back(*figure);
  }
  return all;
}

double refused_share(const std::vector<SeedResult>& results) {
  double refused = 0.0;
  double proposed = 0.0;
  for (const SeedResult& result : results) {
    refused += static_cast<double>(result.refused);
    proposed += static_cast<double>(result.refused + result.trials);
  }
  return proposed > 0.0 ? refused / proposed : 0.0;
}

/// The worst value of each objective in all fronts, or what the config says.
std::vector<double> reference_of(const std::vector<FinishedMethod>& methods, const SummaryContext& context) {
  std::vector<double> reference;
  for (std::size_t i = 0; i < context.metrics.objectives.size(); ++i) {
    const Metric& metric = context.metrics.objectives[i];
    if (const auto said = context.references.find(metric.name); said != context.references.end()) {
      reference.push_back(said->second);
      continue;
    }
    std::optional<double> worst;
    for (const FinishedMethod& method : methods)
      for (const SeedResult& result : method.results)
        for (const FrontEntry& entry : result.front) {
          const bool worse =
              !worst || higher_is_better(metric, entry.values[i]) < higher_is_better(metric, *worst);
          if (worse) worst = entry.values[i];
        }
    reference.push_back(worst.value_or(0.0));
  }
  return reference;
}

std::vector<double> higher_is_better(const std::vector<Metric>& metrics, const std::vector<double>& values) {
  std::vector<double> turned(values.size());
  std::ranges::transform(metrics, values, turned.begin(), [](const Metric& metric, double value) {
    return espalier::higher_is_better(metric, value);
  });
  return turned;
}

void add_fronts(SummaryRow& row, const std::vector<Metric>& objectives,
                const std::vector<double>& reference) {
  std::vector<double> sizes;
  std::vector<double> volumes;
  for (const SeedResult& result : row.results) {
    std::vector<std::vector<double>> points;
    for (const FrontEntry& entry : result.front) points.push_back(higher_is_better(objectives, entry.values));
    sizes.push_back(static_cast<double>(points.size()));
    volumes.push_back(hypervolume(std::move(points), higher_is_better(objectives, reference)));
  }
  row.front_size = statistics(sizes);
  row.hypervolume = statistics(volumes);
}

SummaryRow summarize(FinishedMethod method, const SummaryContext& context,
                     const std::vector<double>& reference) {
  const ResultMetrics& metrics = context.metrics;
  SummaryRow row{.label = std::move(method.label),
                 .results = std::move(method.results),
                 .values = {},
                 .report = {},
                 .trained = {},
                 .regret = {},
                 .front_size = {},
                 .hypervolume = {},
                 .paper = {}};
  row.values = over_values(row.results, metrics.objectives);
  row.trained = over_trainings(row.results);
  row.refused = refused_share(row.results);
  if (metrics.report)
    row.report = over_seeds(
        row.results, [](const SeedResult& result) { return result.report; }, *metrics.report);
  // Rounding may carry a mean of optimal values past the optimum.
  if (context.best_report && row.report)
    row.regret = std::max(0.0, espalier::higher_is_better(*metrics.report, *context.best_report) -
                                   espalier::higher_is_better(*metrics.report, row.report->mean));
  if (metrics.objectives.size() > 1 && !row.results.empty()) add_fronts(row, metrics.objectives, reference);
  const auto published = context.paper_results.find(row.label);
  if (published != context.paper_results.end()) row.paper = published->second;
  return row;
}

}  // namespace

Summary summarize(std::vector<FinishedMethod> methods, const SummaryContext& context) {
  Summary summary{.title = context.title,
                  .metrics = context.metrics,
                  .rows = {},
                  .best_report = context.best_report,
                  .reference = {},
                  .constrained = context.constrained,
                  .paper_source = context.paper_source,
                  .remarks = context.remarks};
  if (context.metrics.objectives.size() > 1) summary.reference = reference_of(methods, context);
  for (FinishedMethod& method : methods)
    summary.rows.push_back(summarize(std::move(method), context, summary.reference));
  return summary;
}

}  // namespace espalier::host
