#include "espalier/host/report/verdict.h"

#include <fmt/format.h>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

/// The networks of an optimizer or a baseline, by test accuracy.
struct Compared {
  std::string name;
  std::vector<double> tests;
  std::vector<double> parameters;
};

void add_trained(const std::vector<host::TrainedArchitecture>& trained, Compared& compared) {
  for (const host::TrainedArchitecture& each : trained) {
    compared.tests.push_back(each.result.test);
    compared.parameters.push_back(static_cast<double>(each.result.parameters));
  }
}

std::vector<Compared> compared_of(const host::ReportedRun& run, const Material& material) {
  std::vector<Compared> all;
  for (const host::SummaryRow& row : run.summary.rows) {
    Compared& compared =
        all.emplace_back(Compared{.name = material.name_of(run, row.label), .tests = {}, .parameters = {}});
    for (const host::SeedResult& result : row.results) add_trained(result.trained, compared);
  }
  for (const host::BaselineResult& baseline : run.summary.baselines)
    add_trained(baseline.trained,
                all.emplace_back(Compared{.name = baseline.name, .tests = {}, .parameters = {}}));
  std::erase_if(all, [](const Compared& compared) { return compared.tests.empty(); });
  return all;
}

const Metric& test_accuracy() {
  static const Metric metric{.name = "test_accuracy", .unit = "%"};
  return metric;
}

Figure networks_figure(const std::vector<Compared>& all, const host::ReportedRun& run, std::size_t number,
                       const Material& material) {
  Intervals picture{.x = {.title = "test accuracy %"}, .rows = {}};
  for (const Compared& compared : all) {
    const host::Statistics figure = host::statistics(compared.tests, test_accuracy());
    const double parameters = host::statistics(compared.parameters).mean;
    IntervalRow row{.name = compared.name, .style = material.style(compared.name), .value = figure.mean};
    row.interval = figure.interval;
    row.dots = compared.tests;
    row.note = fmt::format("{} parameters", host::grouped(static_cast<std::int64_t>(parameters)));
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
    section.items.emplace_back(networks_figure(compared_of(run, material), run, number, material));
    section.items.emplace_back(verdicts_table(all, run, number));
    ++number;
  }
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace espalier::page
