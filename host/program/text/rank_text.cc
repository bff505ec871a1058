#include "text/rank_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "text/text.h"

namespace espalier::program {
namespace {

using Json = nlohmann::ordered_json;

/// A correlation has four digits, and so has what is measured in percent.
std::string value_text(double value, const std::string& unit) {
  return unit.empty() || unit == "%" ? fmt::format("{:.4f}", value) : fmt::format("{:.7g}", value);
}

std::string side_text(const RankedSide& side) {
  return side.label + (side.metric.direction == Direction::minimize ? " (lower is better)" : "");
}

/// One figure, as a row.
struct Figure {
  std::string name;  ///< "precision"
  std::optional<std::size_t> k;
  host::Estimate estimate;
  std::string unit;
};

std::vector<Figure> figures_of(const RankReport& report) {
  const host::RankCorrelation& found = report.figures;
  std::vector<Figure> figures = {{"kendall", {}, found.kendall, ""}};
  if (found.sparse_kendall) figures.push_back({"sparse_kendall", {}, *found.sparse_kendall, ""});
  figures.push_back({"spearman", {}, found.spearman, ""});
  for (const host::TopFigures& top : found.top) figures.push_back({"precision", top.k, top.precision, ""});
  for (const host::TopFigures& top : found.top)
    figures.push_back({"regret", top.k, top.regret, report.truth.metric.unit});
  return figures;
}

std::string title_of(const Figure& figure) {
  if (figure.k) return fmt::format("{} at {}", figure.name, *figure.k);
  if (figure.name == "spearman") return "Spearman's ρ";
  return figure.name == "kendall" ? "Kendall's τ-b" : "Kendall's τ-b, sparse";
}

Json side_json(const RankedSide& side) {
  return {{"label", side.label},
          {"metric", side.metric.name},
          {"unit", side.metric.unit},
          {"better", better_text(side.metric)}};
}

Json estimate_json(const host::Estimate& estimate) {
  Json json = {{"value", estimate.value}, {"interval", Json()}};
  if (estimate.interval) json["interval"] = {estimate.interval->low, estimate.interval->high};
  return json;
}

}  // namespace

std::string rank_table(const RankReport& report) {
  std::string text = fmt::format("{}, {} architectures\npredicted by  {}\ntruth         {}\n\n", report.space,
                                 grouped(static_cast<std::int64_t>(report.figures.count)),
                                 side_text(report.predictor), side_text(report.truth));
  Table table({{"FIGURE"}, {"VALUE", Table::Align::right}, {"95 % INTERVAL", Table::Align::right}, {"UNIT"}});
  for (const Figure& figure : figures_of(report)) {
    const auto& interval = figure.estimate.interval;
    table.add({title_of(figure), value_text(figure.estimate.value, figure.unit),
               interval ? fmt::format("[{}, {}]", value_text(interval->low, figure.unit),
                                      value_text(interval->high, figure.unit))
                        : "–",
               figure.unit});
  }
  text += table.render() + "\n";
  if (report.figures.sparse_kendall) text += "Sparse: after rounding the predictions to 0.1 %.\n";
  if (report.resamples > 0)
    text += fmt::format("Intervals: percentiles of {} bootstrap resamples.\n",
                        grouped(static_cast<std::int64_t>(report.resamples)));
  if (report.lacking > 0)
    text += fmt::format("Passed over, because they lack one of the two values: {} more.\n",
                        grouped(static_cast<std::int64_t>(report.lacking)));
  return text;
}

Json rank_json(const RankReport& report) {
  const host::RankCorrelation& found = report.figures;
  Json top = Json::array();
  for (const host::TopFigures& figures : found.top)
    top.push_back({{"k", figures.k},
                   {"precision", estimate_json(figures.precision)},
                   {"regret", estimate_json(figures.regret)}});
  return {{"search_space", report.space},
          {"predictor", side_json(report.predictor)},
          {"truth", side_json(report.truth)},
          {"architectures", found.count},
          {"passed_over", report.lacking},
          {"seed", report.seed},
          {"resamples", report.resamples},
          {"kendall", estimate_json(found.kendall)},
          {"sparse_kendall", found.sparse_kendall ? estimate_json(*found.sparse_kendall) : Json()},
          {"spearman", estimate_json(found.spearman)},
          {"top", std::move(top)},
          {"remarks", report.remarks}};
}

std::string rank_csv(const RankReport& report) {
  std::string text = "figure,k,value,low,high,unit\n";
  for (const Figure& figure : figures_of(report)) {
    const auto& interval = figure.estimate.interval;
    text += fmt::format("{},{},{},{},{}\n", figure.name, figure.k ? fmt::to_string(*figure.k) : "",
                        figure.estimate.value,
                        interval ? fmt::format("{},{}", interval->low, interval->high) : ",", figure.unit);
  }
  return text;
}

}  // namespace espalier::program
