#include <fmt/format.h>

#include <algorithm>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

using host::ComparedMethod;
using host::ComparedRuns;

/// Evenly chosen ones of many, because a picture shows no more.
std::vector<double> dots_of(const std::vector<double>& values) {
  constexpr std::size_t most = 100;
  std::vector<double> dots;
  const std::size_t every = std::max<std::size_t>(1, (values.size() + most - 1) / most);
  for (std::size_t i = 0; i < values.size(); i += every) dots.push_back(values[i]);
  return dots;
}

const host::SummaryRow* summary_row(const ComparedMethod& method) {
  const auto& rows = method.run->summary.rows;
  return method.index && *method.index < rows.size() ? &rows[*method.index] : nullptr;
}

Cell number_cell(double value, const Metric& metric) {
  return {.text = host::shown(value, metric), .number = value};
}

Cell deviation_cell(const host::Statistics& figure, const Metric& metric) {
  return figure.standard_deviation ? number_cell(*figure.standard_deviation, metric) : Cell{.text = "–"};
}

IntervalRow interval_row(const ComparedMethod& method, const host::Statistics& figure,
                         const Material& material) {
  IntervalRow row{.name = method.name, .style = material.style(method.name), .value = figure.mean};
  row.interval = figure.interval;
  row.dots = dots_of(figure.values);
  const host::SummaryRow* const summary = summary_row(method);
  if (summary != nullptr && summary->paper) row.published = summary->paper->mean;
  return row;
}

std::vector<Cell> table_row(const ComparedRuns& group, const ComparedMethod& method,
                            const host::Statistics& figure) {
  const Metric& metric = *group.judged_by;
  std::vector<Cell> cells = {
      {.text = method.name},
      {.text = fmt::to_string(method.values.size()), .number = static_cast<double>(method.values.size())},
      number_cell(figure.mean, metric),
      deviation_cell(figure, metric),
      {.text = figure.interval ? host::interval(*figure.interval) : "–"},
      number_cell(figure.best, metric)};
  if (group.best) {
    const double regret =
        std::max(0.0, higher_is_better(metric, *group.best) - higher_is_better(metric, figure.mean));
    cells.push_back(number_cell(regret, metric));
  }
  const host::SummaryRow* const row = summary_row(method);
  const auto& objectives = method.run->summary.metrics.objectives;
  const bool has_objective = row != nullptr && row->values.size() == 1;
  cells.push_back(has_objective ? number_cell(row->values.front().mean, objectives.front())
                                : Cell{.text = "–"});
  std::string published = "–";
  if (row != nullptr && row->paper)
    published = fmt::format("{:.2f} ± {:.2f}", row->paper->mean, row->paper->standard_deviation);
  cells.push_back({.text = published});
  return cells;
}

Table results_table(const ComparedRuns& group, std::size_t number) {
  Table table{.id = numbered_id("results-table", number),
              .title = group.title,
              .caption = {},
              .columns = {},
              .rows = {}};
  const std::string judged = host::title_of(*group.judged_by);
  table.columns = {{.title = "optimizer"},
                   {.title = "seeds", .number = true},
                   {.title = judged, .number = true},
                   {.title = "deviation", .number = true},
                   {.title = "95 % interval", .number = true},
                   {.title = "best", .number = true}};
  if (group.best) table.columns.push_back({.title = "regret", .number = true});
  table.columns.push_back({.title = "objective", .number = true});
  table.columns.push_back({.title = "paper", .number = true});
  table.caption =
      fmt::format("Mean and standard deviation of the {} over the seeds; the interval is that of the mean{}.",
                  host::spoken(*group.judged_by),
                  group.best ? fmt::format("; regret is the distance to the best of the whole space, {}",
                                           host::shown(*group.best, *group.judged_by))
                             : "");
  return table;
}

/// A column in which no row says anything is left out.
void drop_empty_columns(Table& table) {
  for (std::size_t i = table.columns.size(); i-- > 0;) {
    const bool empty = std::ranges::all_of(table.rows, [i](const auto& row) { return row[i].text == "–"; });
    if (!empty) continue;
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(i));
    for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void add_results(const ComparedRuns& group, std::size_t number, const Material& material, Section& section) {
  if (!group.judged_by) return;
  Table table = results_table(group, number);
  Intervals picture{.x = {.title = host::title_of(*group.judged_by)}, .rows = {}, .rule = group.best};
  for (const ComparedMethod& method : group.methods) {
    if (!method.figure) continue;
    const host::Statistics& figure = *method.figure;
    table.rows.push_back(table_row(group, method, figure));
    picture.rows.push_back(interval_row(method, figure, material));
  }
  if (table.rows.empty()) return;
  drop_empty_columns(table);
  section.items.emplace_back(Figure{
      .id = numbered_id("results-figure", number),
      .title = group.title,
      .caption = fmt::format(
          "What the searches found: the mean {} with its 95 % interval, and the single seeds as "
          "dots{}{}.",
          host::spoken(*group.judged_by),
          std::ranges::any_of(picture.rows, [](const IntervalRow& row) { return row.published.has_value(); })
              ? "; the diamond is the published mean"
              : "",
          group.best ? "; the line is the best of the whole space" : ""),
      .content = std::move(picture)});
  section.items.emplace_back(std::move(table));
}

std::string budget_of(const ComparedRuns& group) {
  std::uint64_t trials = 0;
  for (const ComparedMethod& method : group.methods) {
    if (!method.index) return "";
    for (const host::ReportedSearch& search : method.run->methods[*method.index].searches) {
      if (search.progress != host::JobProgress::finished) continue;
      if (search.curve.counts_epochs || (trials != 0 && search.curve.steps != trials)) return "";
      trials = search.curve.steps;
    }
  }
  return trials == 0
             ? ""
             : fmt::format(", each search with {} trials", host::grouped(static_cast<std::int64_t>(trials)));
}

/// What was compared, before any figure: "nasbench201 · cifar10: random_search, local_search; 30 seeds".
std::string overview(const ComparedRuns& group) {
  std::string names;
  std::size_t fewest = group.methods.front().values.size();
  std::size_t most = fewest;
  for (const ComparedMethod& method : group.methods) {
    names += (names.empty() ? "" : ", ") + method.name;
    fewest = std::min(fewest, method.values.size());
    most = std::max(most, method.values.size());
  }
  const std::string seeds = fewest == most ? fmt::to_string(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format("{}: {}; {} finished seed{}{}{}.", group.title, names, seeds, most == 1 ? "" : "s",
                     fewest == most ? "" : " of each", budget_of(group));
}

}  // namespace

std::optional<Section> results(Material& material) {
  Section section{.id = "results", .title = "Results"};
  for (const ComparedRuns& group : material.groups()) section.paragraphs.push_back(overview(group));
  for (std::size_t i = 0; i < material.groups().size(); ++i)
    add_results(material.groups()[i], i, material, section);
  if (section.items.empty()) return std::nullopt;
  for (const host::ReportedRun& run : material.runs())
    for (const std::string& remark : run.summary.remarks)
      if (std::ranges::find(section.paragraphs, remark) == section.paragraphs.end())
        section.paragraphs.push_back(remark);
  return section;
}

}  // namespace espalier::page
