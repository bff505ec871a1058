#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "page/sections/one_shot_methods.h"

namespace espalier::page {
namespace {

using host::EpochFigures;
using host::OneShotHistory;

/// The datasets of which the table says something in all epochs.
std::set<std::string> datasets_of(const std::vector<OneShotMethod>& methods, const std::string& metric) {
  std::set<std::string> names;
  for (const OneShotMethod& method : methods)
    for (const OneShotHistory* search : method.searches)
      for (const auto& [dataset, metrics] : search->epochs.front().benchmark)
        if (metrics.contains(metric)) names.insert(dataset);
  return names;
}

/// Where the discrete searches of the same comparison ended, as the paper's figure has it.
std::vector<Rule> ends_of_others(const Material& material, const OneShotHistory& history) {
  std::vector<Rule> rules;
  for (const host::ComparedRuns& group : material.groups()) {
    const bool ours = std::ranges::any_of(
        group.methods, [&](const host::ComparedMethod& method) { return method.run == history.run; });
    if (!ours || !group.judged_by || group.judged_by->unit != "%") continue;
    for (const host::ComparedMethod& method : group.methods) {
      if (!method.index || method.values.empty()) continue;
      const auto& searches = method.run->methods[*method.index].searches;
      if (searches.front().curve.counts_epochs) continue;
      double sum = 0.0;
      for (const host::SeedValue& each : method.values) sum += each.value;
      rules.push_back({.name = method.name, .y = 100.0 - sum / static_cast<double>(method.values.size())});
    }
  }
  return rules;
}

}  // namespace

/// The paper's Figure 2: what the table says of the architecture at the left, and what the supernet says of
/// itself at the right.
std::optional<Figure> supernet_gap(const Material& material, const std::vector<OneShotMethod>& methods,
                                   std::optional<std::uint64_t> until) {
  const auto& metric = methods.front().searches.front()->run->summary.metrics.report;
  if (!metric || metric->unit != "%") return std::nullopt;
  const auto within = [until](const EpochFigures& epoch) { return !until || epoch.epoch <= *until; };
  const auto error = [](std::optional<double> accuracy) {
    return accuracy ? std::optional(100.0 - *accuracy) : std::nullopt;
  };
  const EpochFigure supernet = [=](const OneShotHistory&, const EpochFigures& epoch) {
    return within(epoch) ? error(epoch.validation_accuracy) : std::nullopt;
  };
  Lines lines{.x = {.title = "search epochs"},
              .y = {.title = "test error (table) %"},
              .right = Axis{.title = "error (supernet) %"},
              .panels = {}};
  const Metric percent{.name = "", .unit = "%"};
  const auto add_panel = [&](const std::string& title, const EpochFigure& table, std::vector<Rule> rules) {
    Panel panel{.title = title, .series = {}, .rules = std::move(rules)};
    for (const OneShotMethod& method : methods) add_series(panel, method, table, percent);
    if (panel.series.empty()) return;
    for (const OneShotMethod& method : methods) add_series(panel, method, supernet, percent, true);
    lines.panels.push_back(std::move(panel));
  };
  const OneShotHistory& first = *methods.front().searches.front();
  const std::set<std::string> datasets = datasets_of(methods, metric->name);
  for (const std::string& dataset : datasets) {
    const EpochFigure table = [&](const OneShotHistory&, const EpochFigures& epoch) -> std::optional<double> {
      const auto found = epoch.benchmark.find(dataset);
      if (!within(epoch) || found == epoch.benchmark.end() || !found->second.contains(metric->name))
        return {};
      return 100.0 - found->second.at(metric->name);
    };
    const bool reported = first.epochs.front().report && first.epochs.front().benchmark.at(dataset).at(
                                                             metric->name) == *first.epochs.front().report;
    add_panel(dataset, table, reported ? ends_of_others(material, first) : std::vector<Rule>());
  }
  if (datasets.empty())
    add_panel(
        "",
        [&](const OneShotHistory&, const EpochFigures& epoch) {
          return within(epoch) ? error(epoch.report) : std::nullopt;
        },
        ends_of_others(material, first));
  if (lines.panels.empty()) return std::nullopt;
  const std::string choice = until ? fmt::format("the first {} epochs", *until) : "all epochs";
  return Figure{
      .id = until ? "one-shot-gap-begin" : "one-shot-gap",
      .title = "The table and the supernet",
      .caption =
          "Strong lines: the test error that the table gives for the architecture that the search stands for "
          "after each epoch (left axis). Faint lines: the validation error of the supernet (right axis). "
          "Means "
          "over the seeds with 95 % intervals. Dashed: where searches that make trials ended. Where the "
          "supernet gets better and the architecture does "
          "not, its accuracy says little about the search.",
      .content = std::move(lines),
      .group = "epochs",
      .choice = choice};
}

}  // namespace espalier::page
