#include "report/summary_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "espalier/host/report/verdict.h"
#include "report/result_json.h"

namespace espalier::host {
namespace {

OrderedJson to_json(const std::optional<Statistics>& figure) {
  if (!figure) return nullptr;
  OrderedJson interval;
  if (figure->interval) interval = {figure->interval->low, figure->interval->high};
  return {{"mean", figure->mean},
          {"standard_deviation", to_json_or_null(figure->standard_deviation)},
          {"interval_95", interval},
          {"best", figure->best}};
}

OrderedJson to_json(const std::optional<PaperResult>& figure) {
  if (!figure) return nullptr;
  return {{"mean", figure->mean}, {"standard_deviation", figure->standard_deviation}};
}

OrderedJson to_json(const std::optional<FoundArchitecture>& found) {
  if (!found) return nullptr;
  return {{"seed", found->seed},
          {"architecture", found->architecture},
          {"parameters", found->parameters ? OrderedJson(*found->parameters) : OrderedJson()}};
}

OrderedJson to_json(const TrainedArchitecture& trained) {
  return {{"seed", trained.seed}, {"test", trained.result.test}};
}

OrderedJson with_trainings(const SeedResult& result, const ResultMetrics& metrics) {
  OrderedJson trainings = OrderedJson::array();
  double sum = 0.0;
  for (const TrainedArchitecture& training : result.trained) {
    trainings.push_back(to_json(training));
    sum += training.result.test;
  }
  OrderedJson json = to_json(result, metrics);
  json["selection"] = to_json_or_null(result.selection);
  json["trained_test"] = result.trained.empty()
                             ? OrderedJson(nullptr)
                             : OrderedJson(sum / static_cast<double>(result.trained.size()));
  json["trainings"] = trainings;
  return json;
}

OrderedJson to_json(const SummaryRow& row, const ResultMetrics& metrics) {
  OrderedJson results = OrderedJson::array();
  for (const SeedResult& result : row.results) results.push_back(with_trainings(result, metrics));
  OrderedJson values = OrderedJson::object();
  for (std::size_t i = 0; i < row.values.size(); ++i)
    values[metrics.objectives[i].name] = to_json(std::optional(row.values[i]));
  OrderedJson json = {{"label", row.label},
                      {"seeds", row.results.size()},
                      {"values", values},
                      {"report", to_json(row.report)},
                      {"trained_test", to_json(row.trained)},
                      {"trainings", row.trained ? row.trained->count() : 0},
                      {"regret", to_json_or_null(row.regret)},
                      {"refused_share", row.refused}};
  if (row.hypervolume) {
    json["front_size"] = to_json(row.front_size);
    json["hypervolume"] = to_json(row.hypervolume);
  }
  json["paper"] = to_json(row.paper);
  json["found"] = to_json(row.found);
  json["same_networks"] = row.same_networks;
  json["results"] = results;
  return json;
}

OrderedJson to_json(const BaselineResult& baseline) {
  OrderedJson trainings = OrderedJson::array();
  for (const TrainedArchitecture& training : baseline.trained) trainings.push_back(to_json(training));
  return {{"name", baseline.name},
          {"random", baseline.random},
          {"architecture", baseline.architecture},
          {"parameters", baseline.trained.empty() ? OrderedJson()
                                                  : OrderedJson(baseline.trained.front().result.parameters)},
          {"trainings", trainings}};
}

const char* name_of(VerdictAnswer answer) {
  switch (answer) {
    case VerdictAnswer::better:
      return "better";
    case VerdictAnswer::worse:
      return "worse";
    case VerdictAnswer::indistinguishable:
      return "indistinguishable";
    case VerdictAnswer::unknown:
      break;
  }
  return "unknown";
}

OrderedJson to_json(const Verdict& verdict) {
  OrderedJson interval;
  if (verdict.interval) interval = {verdict.interval->low, verdict.interval->high};
  return {{"optimizer", verdict.method},
          {"baseline", verdict.baseline},
          {"difference", verdict.difference},
          {"interval_95", interval},
          {"p", verdict.p},
          {"adjusted_p", verdict.adjusted_p},
          {"answer", name_of(verdict.answer)}};
}

/// Keys that a run without baselines lacks.
void add_baselines(const Summary& summary, OrderedJson& json) {
  if (summary.baselines.empty()) return;
  OrderedJson& baselines = json["baselines"] = OrderedJson::array();
  for (const BaselineResult& baseline : summary.baselines) baselines.push_back(to_json(baseline));
  OrderedJson& answers = json["verdicts"] = OrderedJson::array();
  for (const Verdict& verdict : verdicts(summary)) answers.push_back(to_json(verdict));
  const BaselineResult* const preferred = preferred_baseline(summary);
  json["preferred_baseline"] = preferred == nullptr ? OrderedJson() : OrderedJson(preferred->name);
}

std::string cell(const std::optional<double>& value) { return value ? fmt::to_string(*value) : ""; }

std::string cells(const std::optional<Statistics>& figure) {
  if (!figure) return ",,,,";
  const auto low = figure->interval ? std::optional(figure->interval->low) : std::nullopt;
  const auto high = figure->interval ? std::optional(figure->interval->high) : std::nullopt;
  return fmt::format("{},{},{},{},{}", figure->mean, cell(figure->standard_deviation), cell(low), cell(high),
                     figure->best);
}

std::string header(const std::string& figure) {
  return fmt::format("{0}_mean,{0}_std,{0}_low,{0}_high,{0}_best", figure);
}

std::string header(const Summary& summary) {
  std::string text = "label,seeds";
  for (const Metric& metric : summary.metrics.objectives) text += "," + header(metric.name);
  if (summary.metrics.report) text += "," + header("report_" + summary.metrics.report->name);
  text += ",regret,refused_share";
  if (!summary.reference.empty()) text += "," + header("front_size") + "," + header("hypervolume");
  return text + ",paper_mean,paper_std," + header("trained_test") + ",trainings\n";
}

}  // namespace

std::string to_json_text(const Summary& summary) {
  OrderedJson rows = OrderedJson::array();
  for (const SummaryRow& row : summary.rows) rows.push_back(to_json(row, summary.metrics));
  OrderedJson objectives = OrderedJson::array();
  for (const Metric& metric : summary.metrics.objectives) objectives.push_back(to_json(metric));
  OrderedJson json = {{"title", summary.title},
                      {"objectives", objectives},
                      {"report", summary.metrics.report ? to_json(*summary.metrics.report) : OrderedJson()},
                      {"best_report", to_json_or_null(summary.best_report)}};
  if (!summary.reference.empty()) json["reference"] = values_to_json(summary.reference, summary.metrics);
  json["paper_source"] = summary.paper_source;
  json["rebuilt_plugins"] = summary.rebuilt;
  json["remarks"] = summary.remarks;
  const FoundArchitecture* const found = best_found(summary);
  json["found"] = found == nullptr ? OrderedJson() : to_json(std::optional(*found));
  json["optimizers"] = rows;
  add_baselines(summary, json);
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string to_csv_text(const Summary& summary) {
  std::string text = header(summary);
  for (const SummaryRow& row : summary.rows) {
    text += fmt::format("{},{}", row.label, row.results.size());
    for (std::size_t i = 0; i < summary.metrics.objectives.size(); ++i)
      text += "," + cells(i < row.values.size() ? std::optional(row.values[i]) : std::nullopt);
    if (summary.metrics.report) text += "," + cells(row.report);
    text += fmt::format(",{},{}", cell(row.regret), row.refused);
    if (!summary.reference.empty())
      text += fmt::format(",{},{}", cells(row.front_size), cells(row.hypervolume));
    text += fmt::format(",{},{},{},{}\n", row.paper ? fmt::to_string(row.paper->mean) : "",
                        row.paper ? fmt::to_string(row.paper->standard_deviation) : "", cells(row.trained),
                        row.trained ? row.trained->count() : 0);
  }
  return text;
}

}  // namespace espalier::host
