#include "summary_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "json_optional.h"

namespace espalier::host {
namespace {

/// Over the seeds that have the figure.
std::optional<Statistics> over_some(const std::vector<SeedResult>& results,
                                    std::optional<double> SeedResult::*figure) {
  std::vector<double> values;
  for (const SeedResult& result : results)
    if (result.*figure) values.push_back(*(result.*figure));
  if (values.empty()) return std::nullopt;
  return statistics(values);
}

/// Nothing unless every seed has the figure.
std::optional<Statistics> over_seeds(const std::vector<SeedResult>& results,
                                     std::optional<double> SeedResult::*figure) {
  const auto some = over_some(results, figure);
  return some && some->count == results.size() ? some : std::nullopt;
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

OrderedJson to_json(const SeedResult& result) {
  return {{"seed", result.seed},
          {"architecture", result.architecture},
          {"validation", to_json_or_null(result.validation)},
          {"test", to_json_or_null(result.test)},
          {"evaluations", result.evaluations},
          {"seconds", result.seconds},
          {"selection", to_json_or_null(result.selection)},
          {"from_scratch", to_json_or_null(result.trained)}};
}

OrderedJson to_json(const SummaryRow& row) {
  OrderedJson results = OrderedJson::array();
  for (const SeedResult& result : row.results) results.push_back(to_json(result));
  return {{"label", row.label},
          {"seeds", row.results.size()},
          {"validation", to_json(row.validation)},
          {"test", to_json(row.test)},
          {"from_scratch", to_json(row.trained)},
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
  row.trained = over_some(row.results, &SeedResult::trained);
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
      "from_scratch_mean,from_scratch_std,from_scratch_low,from_scratch_high,from_scratch_best\n";
  for (const SummaryRow& row : summary.rows) {
    const auto published = row.published;
    text += fmt::format("{},{},{},{},{},{},{},{}\n", row.label, row.results.size(), cells(row.validation),
                        cells(row.test), cell(row.regret), published ? fmt::to_string(published->mean) : "",
                        published ? fmt::to_string(published->standard_deviation) : "", cells(row.trained));
  }
  return text;
}

}  // namespace espalier::host
