#include "espalier/host/report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/verdict.h"
#include "report/found.h"
#include "report/summary_table.h"

namespace espalier::host {
namespace {

std::string comparison(const std::string& name, const Statistics& ours, double published) {
  const auto [low, high] = *ours.interval;
  const std::string interval_text = interval(*ours.interval);
  if (published >= low && published <= high) {
    return fmt::format("{}: the published mean {:.2f} lies within our 95 % interval {}.\n", name, published,
                       interval_text);
  }
  const bool below = published < low;
  return fmt::format("{}: the published mean {:.2f} lies outside our 95 % interval {}, {:.3f} {} it.\n", name,
                     published, interval_text, below ? low - published : published - high,
                     below ? "below" : "above");
}

/// Nothing where there are too few values to compare. What the report benchmark says comes before trainings
/// from scratch.
std::string comparison(const SummaryRow& row) {
  if (!row.paper) return {};
  if (has_interval(row.report)) return comparison(row.label, *row.report, row.paper->mean);
  if (!has_interval(row.trained)) return {};
  return comparison(row.label + ", from scratch", *row.trained, row.paper->mean);
}

/// Whether a metric of the searches has the name of the report, be it of another benchmark.
bool sees_report(const Summary& summary) {
  const std::vector<Metric>& objectives = summary.metrics.objectives;
  return std::ranges::find(objectives, summary.metrics.report->name, &Metric::name) != objectives.end();
}

/// A one-shot search asks no benchmark: it selects by what it learns from its images.
std::string what_searches_see(const Summary& summary, const SummaryColumns& columns) {
  const auto asks = [](const SummaryRow& row) {
    return std::ranges::any_of(row.results, [](const SeedResult& result) { return result.trials > 0; });
  };
  const auto discrete = std::ranges::count_if(summary.rows, asks);
  const std::string reported = spoken(*summary.metrics.report);
  const bool unseen = discrete == 0 || !sees_report(summary);
  if (discrete == 0 || summary.metrics.objectives.size() != 1)
    return unseen ? fmt::format("No search sees {}.\n", reported) : "";
  const char* const who =
      discrete == std::ssize(summary.rows) ? "Each search selects" : "Each search that makes trials selects";
  if (columns.report_is_objective)
    return fmt::format("{} its architecture by the reported {} itself.\n", who, reported);
  return fmt::format("{} its architecture by {} alone{}.\n", who, spoken(summary.metrics.objectives.front()),
                     unseen ? "; no search sees " + reported : "");
}

/// What the columns mean.
std::string notes(const Summary& summary, const SummaryColumns& columns) {
  const auto& [objectives, report] = summary.metrics;
  std::string text;
  if (columns.several) {
    std::vector<std::string> corner;
    for (std::size_t i = 0; i < objectives.size(); ++i)
      corner.push_back(
          fmt::format("{} {}", title_of(objectives[i]), shown(summary.reference[i], objectives[i])));
    text += fmt::format(
        "Front: how many architectures nothing that was tried dominates. Hypervolume: what they dominate,\n"
        "up to {}. Both are means over the seeds; front.csv of each search lists its front.\n",
        fmt::join(corner, ", "));
  } else if (report) {
    const bool has_interval = std::ranges::any_of(
        summary.rows, [](const SummaryRow& row) { return row.report && row.report->interval; });
    if (has_interval)
      text += fmt::format("Mean ± standard deviation over the seeds; the interval is that of the mean {}.\n",
                          spoken(*report));
    if (summary.best_report)
      text += fmt::format("Regret: to the best {} of the whole space, {}.\n", spoken(*report),
                          shown(*summary.best_report, *report));
    text += what_searches_see(summary, columns);
  } else if (!objectives.empty()) {
    text += "Mean ± standard deviation over the seeds.\n";
  }
  if (summary.constrained)
    text +=
        "Refused: the share of all proposals that broke a constraint or lacked a value of an objective; they "
        "were not "
        "tried.\n";
  if (columns.trained)
    text +=
        "Trained test: test accuracy of the found architecture's network, trained as evaluate: says, over "
        "all trainings.\n";
  if (columns.paper && !summary.paper_source.empty())
    text += fmt::format("Published figures: {}.\n", summary.paper_source);
  return text;
}

/// Of how many searches the reported figure is not known, so that there is none of all.
std::string unknown_reports(const SummaryRow& row, const std::optional<Metric>& report) {
  const auto unknown =
      std::ranges::count_if(row.results, [](const SeedResult& result) { return !result.report.has_value(); });
  if (!report || unknown == 0) return "";
  return fmt::format("{}: the {} of what {} of {} searches found is not known.\n", row.label, spoken(*report),
                     unknown, row.results.size());
}

std::string same_networks(const SummaryRow& row) {
  constexpr std::size_t kMostShown = 10;
  std::string text;
  for (const std::vector<std::uint64_t>& seeds : row.same_networks) {
    const std::size_t shown = seeds.size() > kMostShown ? kMostShown : seeds.size() - 1;
    const std::string last = seeds.size() > kMostShown ? fmt::format("{} more", seeds.size() - shown)
                                                       : fmt::to_string(seeds.back());
    text +=
        fmt::format("{}: the seeds {} and {} found the same network, in different strings.\n", row.label,
                    fmt::join(seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(shown), ", "), last);
  }
  return text;
}

}  // namespace

std::string render(const Summary& summary, std::size_t width) {
  const SummaryColumns columns(summary);
  std::string below = notes(summary, columns);
  for (const SummaryRow& row : summary.rows) below += comparison(row);
  for (const SummaryRow& row : summary.rows) below += unknown_reports(row, summary.metrics.report);
  for (const SummaryRow& row : summary.rows) below += same_networks(row);
  for (const std::string& remark : summary.remarks) below += remark + "\n";
  for (const auto& [plugin, hashes] : summary.rebuilt)
    below += fmt::format("{} was rebuilt while this run was under way; the SHA-256 of its builds: {}.\n",
                         plugin, fmt::join(hashes, ", "));
  if (!below.empty()) below.insert(0, "\n");
  return fmt::format("{}\n\n{}{}{}{}", summary.title, summary_table(summary, columns, width),
                     fold_lines(below, width), found_text(summary, width), verdict_text(summary, width));
}

}  // namespace espalier::host
