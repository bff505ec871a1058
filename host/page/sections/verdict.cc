#include "espalier/host/report/verdict.h"

#include <fmt/format.h>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

const Metric& test_accuracy() {
  static const Metric metric{.name = "test_accuracy", .unit = "%"};
  return metric;
}

Figure networks_figure(const host::ReportedRun& run, std::size_t number, const Material& material) {
  Intervals picture{.x = {.title = "test accuracy %"}, .rows = {}};
  for (const host::ComparedNetworks& networks : host::compared_networks(run.summary)) {
    const host::Statistics figure = host::statistics(networks.tests, test_accuracy());
    const std::string& name = networks.is_baseline ? networks.name : material.name_of(run, networks.name);
    IntervalRow row{.name = name, .style = material.style(name), .value = figure.mean};
    row.interval = figure.interval;
    row.dots = networks.tests;
    row.note = fmt::format("{} parameters", host::grouped(networks.parameters));
    picture.rows.push_back(std::move(row));
  }
  return {.id = numbered_id("verdict-figure", number),
          .title = fmt::format("{}: searches and baselines", run.summary.title),
          .caption =
              "Test accuracy after trainings that are alike: the mean with its 95 % interval, and the "
              "single trainings as dots.",
          .content = std::move(picture)};
}

std::string answer_text(host::VerdictAnswer answer) {
  switch (answer) {
    case host::VerdictAnswer::better:
      return "better";
    case host::VerdictAnswer::worse:
      return "worse";
    case host::VerdictAnswer::indistinguishable:
      return "not distinguishable";
    case host::VerdictAnswer::unknown:
      break;
  }
  return "too few trainings";
}

Table verdicts_table(const std::vector<host::Verdict>& all, const host::ReportedRun& run,
                     std::size_t number) {
  Table table{.id = numbered_id("verdict-table", number),
              .title = fmt::format("{}: verdicts", run.summary.title),
              .caption =
                  "Differences of the mean test accuracies, in points, with the 95 % interval, by "
                  "Welch's test; p is adjusted for the number of comparisons (Holm). Where a side has "
                  "several architectures, the values are their means.",
              .columns = {{.title = "optimizer"},
                          {.title = "baseline"},
                          {.title = "difference", .number = true},
                          {.title = "95 % interval", .number = true},
                          {.title = "p", .number = true},
                          {.title = "the optimizer is"}},
              .rows = {}};
  for (const host::Verdict& verdict : all)
    table.rows.push_back({{.text = verdict.method},
                          {.text = verdict.baseline},
                          {.text = fmt::format("{:+.2f}", verdict.difference), .number = verdict.difference},
                          {.text = verdict.interval ? host::interval(*verdict.interval) : "–"},
                          {.text = verdict.interval ? fmt::format("{:.3f}", verdict.adjusted_p) : "–",
                           .number = verdict.interval ? std::optional(verdict.adjusted_p) : std::nullopt},
                          {.text = answer_text(verdict.answer)}});
  return table;
}

}  // namespace

std::optional<Section> verdict(Material& material) {
  Section section{.id = "verdict", .title = "Verdict"};
  std::size_t number = 0;
  for (const host::ReportedRun& run : material.runs()) {
    const std::vector<host::Verdict> all = host::verdicts(run.summary);
    if (all.empty()) continue;
    const std::string name = material.runs().size() > 1 ? host::run_name(run) + ": " : "";
    section.paragraphs.push_back(name + host::advice(run.summary));
    section.items.emplace_back(networks_figure(run, number, material));
    section.items.emplace_back(verdicts_table(all, run, number));
    ++number;
  }
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace espalier::page
