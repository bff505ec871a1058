#include "report/summary_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"

namespace espalier::host {
namespace {

using Row = std::vector<std::string>;

constexpr const char* nothing = "-";

/// Percents, such as hypervolumes and trained accuracies, unless there is a metric.
std::string mean_and_deviation(const std::optional<Statistics>& figure,
                               const Metric& metric = {.name = {}, .unit = "%"}) {
  if (!figure) return nothing;
  if (!figure->standard_deviation) return shown(figure->mean, metric);
  return fmt::format("{} ± {}", shown(figure->mean, metric), shown(*figure->standard_deviation, metric));
}

std::string interval_or_nothing(const std::optional<Statistics>& figure) {
  const std::string text = figure ? interval(*figure) : "";
  return text.empty() ? nothing : text;
}

Row titles(const Summary& summary, const SummaryColumns& columns) {
  Row row = {"optimizer", "seeds"};
  if (columns.several) {
    row.insert(row.end(), {"front", "hypervolume", "95 % interval"});
  } else {
    if (!columns.report_is_objective)
      for (const Metric& metric : summary.metrics.objectives) row.push_back(title_of(metric));
    if (summary.metrics.report)
      row.insert(row.end(), {title_of(*summary.metrics.report), "95 % interval", "best", "regret"});
  }
  if (summary.constrained) row.emplace_back("refused %");
  if (columns.trained) row.insert(row.end(), {"trainings", "trained test %"});
  if (columns.paper) row.emplace_back("paper");
  return row;
}

void add_report(const SummaryRow& row, const Metric& metric, Row& cells) {
  cells.push_back(mean_and_deviation(row.report, metric));
  cells.push_back(interval_or_nothing(row.report));
  cells.push_back(row.report ? shown(row.report->best, metric) : nothing);
  cells.push_back(row.regret ? shown(*row.regret, metric) : nothing);
}

Row cells(const SummaryRow& row, const Summary& summary, const SummaryColumns& columns) {
  Row cells = {row.label, fmt::to_string(row.results.size())};
  if (columns.several) {
    cells.push_back(row.front_size ? fmt::format("{:.1f}", row.front_size->mean) : nothing);
    cells.push_back(mean_and_deviation(row.hypervolume));
    cells.push_back(interval_or_nothing(row.hypervolume));
  } else {
    const std::size_t shown_values = columns.report_is_objective ? 0 : summary.metrics.objectives.size();
    for (std::size_t i = 0; i < shown_values; ++i)
      cells.push_back(mean_and_deviation(i < row.values.size() ? std::optional(row.values[i]) : std::nullopt,
                                         summary.metrics.objectives[i]));
    if (summary.metrics.report) add_report(row, *summary.metrics.report, cells);
  }
  if (summary.constrained) cells.push_back(fmt::format("{:.1f}", 100.0 * row.refused));
  if (columns.trained) {
    cells.push_back(fmt::to_string(row.trained ? row.trained->count() : 0));
    cells.push_back(mean_and_deviation(row.trained));
  }
  if (columns.paper) {
    const auto& figure = row.paper;
    cells.push_back(figure ? fmt::format("{:.2f} ± {:.2f}", figure->mean, figure->standard_deviation)
                           : nothing);
  }
  return cells;
}

bool reports_the_objective(const Summary& summary) {
  const auto& [objectives, report] = summary.metrics;
  if (objectives.size() != 1 || !report || objectives.front().name != report->name) return false;
  const auto is_reported = [](const SeedResult& result) {
    return result.values.size() == 1 && result.report == result.values.front();
  };
  return std::ranges::all_of(
      summary.rows, [&](const SummaryRow& row) { return std::ranges::all_of(row.results, is_reported); });
}

}  // namespace

SummaryColumns::SummaryColumns(const Summary& summary)
    : several(summary.metrics.objectives.size() > 1),
      report_is_objective(reports_the_objective(summary)),
      trained(
          std::ranges::any_of(summary.rows, [](const SummaryRow& row) { return row.trained.has_value(); })),
      paper(std::ranges::any_of(summary.rows, [](const SummaryRow& row) { return row.paper.has_value(); })) {}

std::string summary_table(const Summary& summary, const SummaryColumns& columns, std::size_t width) {
  std::vector<Table::Column> titled;
  for (const std::string& title : titles(summary, columns)) titled.push_back({title});
  Table table(std::move(titled));
  for (const SummaryRow& row : summary.rows) table.add(cells(row, summary, columns));
  return table.render({.width = width, .ruled = false});
}

}  // namespace espalier::host
