#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

std::string duration(double seconds) {
  constexpr double minute = 60.0;
  constexpr double hour = 3600.0;
  constexpr double day = 86400.0;
  if (seconds < minute) return fmt::format("{:.1f} s", seconds);
  if (seconds < hour) return fmt::format("{:.1f} min", seconds / minute);
  return seconds < day ? fmt::format("{:.1f} h", seconds / hour) : fmt::format("{:.1f} days", seconds / day);
}

/// The mean over those searches that know it.
Cell duration_cell(const std::vector<double>& seconds) {
  if (seconds.empty()) return {.text = "–"};
  const double mean =
      std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(seconds.size());
  return {.text = duration(mean), .number = mean};
}

std::vector<Cell> cost_of(const std::string& name, const host::ReportedMethod& method) {
  double trials = 0.0;
  double epochs = 0.0;
  std::vector<double> simulated;
  std::vector<double> measured;
  double searches = 0.0;
  for (const host::ReportedSearch& search : method.searches) {
    if (search.progress != host::JobProgress::finished) continue;
    ++searches;
    (search.curve.counts_epochs ? epochs : trials) += static_cast<double>(search.curve.steps);
    if (search.curve.seconds > 0.0) simulated.push_back(search.curve.seconds);
    if (search.measured_seconds) measured.push_back(*search.measured_seconds);
  }
  const auto count_cell = [searches](double sum) {
    if (sum == 0.0) return Cell{.text = "–"};
    return Cell{.text = host::grouped(static_cast<std::int64_t>(sum / searches)), .number = sum / searches};
  };
  return {{.text = name},           {.text = fmt::format("{:.0f}", searches), .number = searches},
          count_cell(trials),       count_cell(epochs),
          duration_cell(simulated), duration_cell(measured)};
}

Table inputs_of(const host::ReportedRun& run, std::size_t number) {
  Table table{.id = numbered_id("inputs", number),
              .title = "What the results come from: " + host::run_name(run),
              .caption = "",
              .columns = {{.title = "plugin or file"}, {.title = "SHA-256", .code = true}},
              .rows = {}};
  for (const auto& [name, hash] : run.inputs) table.rows.push_back({{.text = name}, {.text = hash}});
  return table;
}

Table environment_of(const host::ReportedRun& run, std::size_t number) {
  Table table{.id = numbered_id("environment", number),
              .title = "Environment: " + host::run_name(run),
              .caption = "The machine on which the run was continued last.",
              .columns = {{.title = "what"}, {.title = "value"}},
              .rows = {}};
  for (const auto& [name, value] : run.environment) table.rows.push_back({{.text = name}, {.text = value}});
  return table;
}

}  // namespace

std::optional<Section> cost(Material& material) {
  Table table{.id = "cost-table",
              .title = "Cost",
              .caption =
                  "Means over the finished searches. Simulated: what the benchmark says that the trials "
                  "would have taken, "
                  "the same in every run. Measured: how long a search ran here.",
              .columns = {{.title = "optimizer"},
                          {.title = "searches", .number = true},
                          {.title = "trials", .number = true},
                          {.title = "epochs", .number = true},
                          {.title = "simulated", .number = true},
                          {.title = "measured", .number = true}},
              .rows = {}};
  const bool several = material.groups().size() > 1;
  for (const host::ReportedRun& run : material.runs())
    for (const host::ReportedMethod& method : run.methods)
      table.rows.push_back(
          cost_of(several ? fmt::format("{}: {}", run.summary.title, material.name_of(run, method.label))
                          : material.name_of(run, method.label),
                  method));
  if (table.rows.empty()) return std::nullopt;
  Section section{.id = "cost", .title = "Cost"};
  section.items.emplace_back(std::move(table));
  return section;
}

std::optional<Section> provenance(Material& material) {
  Section section{.id = "provenance", .title = "Config, environment and hashes"};
  section.folded = true;
  for (std::size_t i = 0; i < material.runs().size(); ++i) {
    const host::ReportedRun& run = material.runs()[i];
    section.items.emplace_back(Listing{
        .id = numbered_id("config", i), .title = "Config: " + host::run_name(run), .text = run.config_text});
    if (!run.environment.empty()) section.items.emplace_back(environment_of(run, i));
    if (!run.inputs.empty()) section.items.emplace_back(inputs_of(run, i));
  }
  return section;
}

}  // namespace espalier::page
