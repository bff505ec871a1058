#include "report/summary_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/result_json.h"

namespace espalier::host {
namespace {

/// Nothing unless every seed has the figure.
std::optional<Statistics> over_seeds(const std::vector<SeedResult>& results,
                                     std::optional<double> SeedResult::*figure) {
  std::vector<double> values;
  for (const SeedResult& result : results)
    if (result.*figure) values.push_back(*(result.*figure));
  if (values.empty() || values.size() < results.size()) return std::nullopt;
  return statistics(values);
}

/// Over the trainings from scratch, of which a seed has any number.
std::optional<Statistics> over_trainings(const std::vector<SeedResult>& results) {
  std::vector<double> values;
  for (const SeedResult& result : results)
    for (const TrainedArchitecture& trained : result.trained) values.push_back(trained.result.test);
  if (values.empty()) return std::nullopt;
  return statistics(values);
}

OrderedJson to_json(const std::optional<Statistics>& figure) {
  if (!figure) return nullptr;
  return {{"mean", figure->mean},
          {"standard_deviation", figure->standard_deviation},
          {"interval_95", {figure->interval_low, figure->interval_high}},
          {"best", figure->best}};
}

OrderedJson to_json(const std::optional<PublishedFigure>& figure) {
  if (!figure) return nullptr;
  return {{"mean", figure->mean}, {"standard_deviation", figure->standard_deviation}};
}

OrderedJson to_json(const TrainedArchitecture& trained) {
  return {{"seed", trained.seed}, {"test", trained.result.test}};
}

OrderedJson with_trainings(const SeedResult& result) {
  const auto trained = over_trainings({result});
  OrderedJson trainings = OrderedJson::array();
  for (const TrainedArchitecture& training : result.trained) trainings.push_back(to_json(training));
  OrderedJson json = to_json(result);
  json["selection"] = to_json_or_null(result.selection);
  json["from_scratch"] = trained ? OrderedJson(trained->mean) : OrderedJson(nullptr);
  json["trainings"] = trainings;
  return json;
}

OrderedJson to_json(const SummaryRow& row) {
  OrderedJson results = OrderedJson::array();
  for (const SeedResult& result : row.results) results.push_back(with_trainings(result));
  return {{"label", row.label},
          {"seeds", row.results.size()},
          {"validation", to_json(row.validation)},
          {"test", to_json(row.test)},
          {"from_scratch", to_json(row.trained)},
          {"trainings", row.trained ? row.trained->count : 0},
          {"regret", to_json_or_null(row.regret)},
          {"published", to_json(row.published)},
          {"results", results}};
}

std::string cells(const std::optional<Statistics>& figure) {
  if (!figure) return ",,,,";
  return fmt::format("{},{},{},{},{}", figure->mean, figure->standard_deviation, figure->interval_low,
                     figure->interval_high, figure->best);
}

std::string cell(const std::optional<double>& value) { return value ? fmt::to_string(*value) : ""; }

}  // namespace

SummaryRow summarize(std::string label, std::vector<SeedResult> results, std::optional<double> best_test,
                     std::optional<PublishedFigure> published) {
  SummaryRow row{.label = std::move(label),
                 .results = std::move(results),
                 .validation = {},
                 .test = {},
                 .trained = {},
                 .regret = {},
                 .published = published};
  row.validation = over_seeds(row.results, &SeedResult::validation);
  row.test = over_seeds(row.results, &SeedResult::test);
  row.trained = over_trainings(row.results);
  // Rounding may carry a mean of optimal values past the optimum.
  if (best_test && row.test) row.regret = std::max(0.0, *best_test - row.test->mean);
  return row;
}

std::string to_json_text(const Summary& summary) {
  OrderedJson rows = OrderedJson::array();
  for (const SummaryRow& row : summary.rows) rows.push_back(to_json(row));
  const OrderedJson json = {{"title", summary.title},
                            {"best_test", to_json_or_null(summary.best_test)},
                            {"published_source", summary.published_source},
                            {"optimizers", rows}};
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string to_csv_text(const Summary& summary) {
  std::string text =
      "label,seeds,validation_mean,validation_std,validation_low,validation_high,validation_best,"
      "test_mean,test_std,test_low,test_high,test_best,regret,published_mean,published_std,"
      "from_scratch_mean,from_scratch_std,from_scratch_low,from_scratch_high,from_scratch_best,trainings\n";
  for (const SummaryRow& row : summary.rows) {
    const auto published = row.published;
    text += fmt::format("{},{},{},{},{},{},{},{},{}\n", row.label, row.results.size(), cells(row.validation),
                        cells(row.test), cell(row.regret), published ? fmt::to_string(published->mean) : "",
                        published ? fmt::to_string(published->standard_deviation) : "", cells(row.trained),
                        row.trained ? row.trained->count : 0);
  }
  return text;
}

}  // namespace espalier::host
