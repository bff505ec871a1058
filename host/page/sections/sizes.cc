#include "espalier/host/report/sizes.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/host/report/figure_text.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

std::vector<Scatter::Dot> dots_of(const std::vector<host::SizedArchitecture>& architectures) {
  std::vector<Scatter::Dot> dots;
  dots.reserve(architectures.size());
  for (const host::SizedArchitecture& each : architectures)
    dots.push_back({.x = static_cast<double>(each.parameters), .y = each.value, .name = each.architecture});
  return dots;
}

std::vector<host::SizedArchitecture> tried(const host::ReportedRun& run, std::size_t method,
                                           Material& material) try {
  constexpr std::size_t most = 300;
  return host::tried_sizes(run, method, most);
} catch (const Error& error) {
  material.add_gap(run, error);
  return {};
}

std::optional<Figure> size_figure(const host::ReportedRun& run, std::size_t number, Material& material) {
  constexpr std::size_t most = 300;
  const auto& objectives = run.summary.metrics.objectives;
  if (objectives.empty()) return std::nullopt;
  Scatter scatter{
      .x = {.title = "parameters"}, .y = {.title = host::title_of(objectives.front())}, .clouds = {}};
  for (std::size_t i = 0; i < run.methods.size(); ++i) {
    const std::string& name = material.name_of(run, run.methods[i].label);
    auto dots = dots_of(tried(run, i, material));
    const auto best = dots_of(host::found_sizes(run, i, most));
    dots.insert(dots.end(), best.begin(), best.end());
    if (!dots.empty())
      scatter.clouds.push_back({.name = name, .style = material.style(name), .dots = std::move(dots)});
  }
  if (scatter.clouds.empty()) return std::nullopt;
  return Figure{.id = numbered_id("accuracy-by-parameters", number),
                .title = run.summary.title,
                .caption = fmt::format(
                    "The {} of architectures by the parameters of their networks, trained from scratch: "
                    "what each method found with its seeds, and what its first search tried, both "
                    "evenly thinned to at most {}.",
                    host::spoken(objectives.front()), most),
                .content = std::move(scatter)};
}

std::optional<Figure> front_of(const host::ReportedRun& run, std::size_t number, Material& material) {
  const auto& objectives = run.summary.metrics.objectives;
  if (objectives.size() < 2) return std::nullopt;
  Scatter scatter{.x = {.title = host::title_of(objectives[1])},
                  .y = {.title = host::title_of(objectives[0])},
                  .clouds = {}};
  for (const host::SummaryRow& row : run.summary.rows) {
    if (row.results.empty()) continue;
    const std::string& name = material.name_of(run, row.label);
    Scatter::Cloud cloud{.name = name, .style = material.style(name), .dots = {}, .front = true};
    for (const host::FrontEntry& entry : row.results.front().front)
      cloud.dots.push_back({.x = entry.values[1], .y = entry.values[0], .name = entry.architecture});
    if (!cloud.dots.empty()) scatter.clouds.push_back(std::move(cloud));
  }
  if (scatter.clouds.empty()) return std::nullopt;
  return Figure{
      .id = numbered_id("front", number),
      .title = run.summary.title,
      .caption =
          "The front that the first search of each method found: no architecture that it tried is at least "
          "as good in every objective, and better in one. Of more than two objectives the first two are "
          "drawn.",
      .content = std::move(scatter)};
}

template <class Make>
std::optional<Section> of_runs(const char* id, const char* title, Material& material, const Make& make) {
  Section section{.id = id, .title = title};
  for (std::size_t i = 0; i < material.runs().size(); ++i)
    if (auto figure = make(material.runs()[i], i, material)) section.items.emplace_back(*std::move(figure));
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace

std::optional<Section> sizes(Material& material) {
  return of_runs("sizes", "Accuracy and size", material, size_figure);
}

std::optional<Section> fronts(Material& material) { return of_runs("fronts", "Fronts", material, front_of); }

}  // namespace espalier::page
