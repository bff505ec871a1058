#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "page/sections/sections.h"
#include "picture/graph_picture.h"
#include "picture/render.h"

namespace espalier::page {
namespace {

/// An architecture that is shown once, and the searches that found it.
struct Shown {
  const host::ReportedRun* run = nullptr;
  std::string architecture;
  std::vector<std::string> names;
  std::optional<std::int64_t> parameters;

  std::string found_by() const { return fmt::format("{}", fmt::join(names, "; ")); }
};

void add_shown(std::vector<Shown>& all, const host::ReportedRun& run, const std::string& architecture,
               const std::string& name, std::optional<std::int64_t> parameters) {
  const auto same = std::ranges::find_if(all, [&](const Shown& shown) {
    return shown.architecture == architecture && shown.run->summary.title == run.summary.title;
  });
  if (same != all.end()) return same->names.push_back(name);
  all.push_back({.run = &run, .architecture = architecture, .names = {name}, .parameters = parameters});
}

/// With the benchmark where the runs have several, and what judges it where that is known.
std::string found_by(const Material& material, const host::ReportedRun& run, const host::SummaryRow& row) {
  std::string text = fmt::format("{}, seed {}", material.name_of(run, row.label), row.found->seed);
  if (material.groups().size() > 1) text = fmt::format("{}: {}", run.summary.title, text);
  const auto result = std::ranges::find(row.results, row.found->seed, &host::SeedResult::seed);
  const auto& metric = run.summary.metrics.report;
  if (metric && result != row.results.end() && result->report)
    text += fmt::format(" ({} {})", host::title_of(*metric), host::shown(*result->report, *metric));
  return text;
}

std::vector<Shown> shown_of(const Material& material) {
  std::vector<Shown> all;
  for (const host::ReportedRun& run : material.runs()) {
    for (const host::SummaryRow& row : run.summary.rows)
      if (row.found)
        add_shown(all, run, row.found->architecture, found_by(material, run, row), row.found->parameters);
    if (run.evaluates) {
      const std::optional<std::int64_t> parameters =
          !run.trainings.empty() && run.trainings.front().trained
              ? std::optional(run.trainings.front().trained->result.parameters)
              : std::nullopt;
      add_shown(all, run, run.evaluates->architecture, host::run_name(run), parameters);
    }
  }
  return all;
}

/// Nothing where the space makes no network of it, as one that only names the rows of a table may.
std::optional<Figure> picture_of(const Shown& shown, std::size_t number) try {
  if (!shown.run->space) return std::nullopt;
  const SearchSpace& space = *shown.run->space;
  const Graph network = space.instantiate(space.parse(shown.architecture));
  return Figure{
      .id = fmt::format("found-{}", number + 1),
      .title = shown.found_by(),
      .caption = shown.architecture,
      .content = Drawing{.svg = picture::render(picture::describe_picture(network, space.graph()), "svg"),
                         .alternative = "The network of the architecture " + shown.architecture},
      .group = "found by",
      .choice = shown.found_by()};
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace

std::optional<Section> found(Material& material) {
  constexpr std::size_t most_pictures = 12;
  const std::vector<Shown> all = shown_of(material);
  if (all.empty()) return std::nullopt;
  Section section{.id = "found", .title = "Architectures found"};
  section.paragraphs.push_back(
      "Of each optimizer this is the best of its searches by what searches may see themselves, and not by "
      "the test "
      "accuracy.");
  for (std::size_t i = 0; i < std::min(all.size(), most_pictures); ++i)
    if (auto picture = picture_of(all[i], i)) section.items.emplace_back(*std::move(picture));
  Table table{.id = "found-architectures",
              .title = "Architectures found",
              .caption = "Their networks' parameters are those of a training from scratch.",
              .columns = {{.title = "found by"},
                          {.title = "parameters", .number = true},
                          {.title = "architecture", .code = true}},
              .rows = {}};
  for (const Shown& shown : all)
    table.rows.push_back(
        {{.text = shown.found_by()},
         {.text = shown.parameters ? host::grouped(*shown.parameters) : "–",
          .number = shown.parameters ? std::optional(static_cast<double>(*shown.parameters)) : std::nullopt},
         {.text = shown.architecture}});
  section.items.emplace_back(std::move(table));
  return section;
}

}  // namespace espalier::page
