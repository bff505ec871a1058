#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "espalier/host/report/summary.h"

namespace espalier::host {
namespace {

using Row = std::vector<std::string>;

constexpr const char* nothing = "-";

/// Two digits after the point, or six in all where that is more than anybody reads.
std::string shown(double value) {
  constexpr double large = 1e5;
  return std::abs(value) < large ? fmt::format("{:.2f}", value) : fmt::format("{:.6g}", value);
}

/// "test accuracy": a metric in a sentence.
std::string spoken(const Metric& metric) {
  std::string name = metric.name;
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string mean_and_deviation(const std::optional<Statistics>& figure) {
  if (!figure) return nothing;
  if (figure->count < 2) return shown(figure->mean);
  return fmt::format("{} ± {}", shown(figure->mean), shown(figure->standard_deviation));
}

bool has_interval(const std::optional<Statistics>& figure) { return figure && figure->count >= 2; }

std::string interval(const Statistics& figure) {
  return fmt::format("[{:.3f}, {:.3f}]", figure.interval_low, figure.interval_high);
}

/// "validation %", "raspi4 latency ms".
std::string title_of(const Metric& metric) {
  std::string name = metric.name;
  constexpr std::string_view suffix = "_accuracy";
  if (name.ends_with(suffix) && name.size() > suffix.size()) name.resize(name.size() - suffix.size());
  std::ranges::replace(name, '_', ' ');
  const bool has_unit = !metric.unit.empty() && metric.unit != "count";
  return has_unit ? name + " " + metric.unit : name;
}

/// Which columns a table has, beside those that each has.
struct Columns {
  const Summary& summary;
  bool several = summary.metrics.objectives.size() > 1;
  bool trained = std::ranges::any_of(summary.rows, [](const SummaryRow& row) { return !!row.trained; });
  bool published = std::ranges::any_of(summary.rows, [](const SummaryRow& row) { return !!row.published; });

  Row titles() const {
    Row row = {"optimizer", "seeds"};
    if (several) {
      row.insert(row.end(), {"front", "hypervolume", "95 % interval"});
    } else {
      for (const Metric& metric : summary.metrics.objectives) row.push_back(title_of(metric));
      if (summary.metrics.report)
        row.insert(row.end(), {title_of(*summary.metrics.report), "95 % interval", "best", "regret"});
    }
    if (summary.constrained) row.emplace_back("refused %");
    if (trained) row.insert(row.end(), {"trainings", "from scratch %"});
    if (published) row.emplace_back("published");
    return row;
  }

  Row cells(const SummaryRow& row) const {
    Row cells = {row.label, fmt::to_string(row.results.size())};
    if (several) {
      cells.push_back(row.front_size ? fmt::format("{:.1f}", row.front_size->mean) : nothing);
      cells.push_back(mean_and_deviation(row.hypervolume));
      cells.push_back(has_interval(row.hypervolume) ? interval(*row.hypervolume) : nothing);
    } else {
      for (std::size_t i = 0; i < summary.metrics.objectives.size(); ++i)
        cells.push_back(
            mean_and_deviation(i < row.values.size() ? std::optional(row.values[i]) : std::nullopt));
      if (summary.metrics.report) add_report(row, cells);
    }
    if (summary.constrained) cells.push_back(fmt::format("{:.1f}", 100.0 * row.refused));
    if (trained) {
      cells.push_back(fmt::to_string(row.trained ? row.trained->count : 0));
      cells.push_back(mean_and_deviation(row.trained));
    }
    if (published) {
      const auto& figure = row.published;
      cells.push_back(figure ? fmt::format("{:.2f} ± {:.2f}", figure->mean, figure->standard_deviation)
                             : nothing);
    }
    return cells;
  }

  static void add_report(const SummaryRow& row, Row& cells) {
    cells.push_back(mean_and_deviation(row.report));
    cells.push_back(has_interval(row.report) ? interval(*row.report) : nothing);
    cells.push_back(row.report ? shown(row.report->best) : nothing);
    cells.push_back(row.regret ? shown(*row.regret) : nothing);
  }
};

/// A column is as wide as what is seen: "±" is one, in two bytes.
std::string aligned(const std::vector<Row>& rows) {
  const auto width_of = [](const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  };
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string comparison(const std::string& name, const Statistics& ours, double published) {
  const std::string interval_text = interval(ours);
  if (published >= ours.interval_low && published <= ours.interval_high) {
    return fmt::format("{}: the published mean {:.2f} lies within our 95 % interval {}.\n", name, published,
                       interval_text);
  }
  const bool below = published < ours.interval_low;
  return fmt::format("{}: the published mean {:.2f} lies outside our 95 % interval {}, {:.3f} {} it.\n", name,
                     published, interval_text,
                     below ? ours.interval_low - published : published - ours.interval_high,
                     below ? "below" : "above");
}

/// Nothing where there are too few values to compare. What the report benchmark says comes before trainings
/// from scratch.
std::string comparison(const SummaryRow& row) {
  if (!row.published) return {};
  if (has_interval(row.report)) return comparison(row.label, *row.report, row.published->mean);
  if (!has_interval(row.trained)) return {};
  return comparison(row.label + ", from scratch", *row.trained, row.published->mean);
}

/// What the columns mean.
std::string notes(const Summary& summary, const Columns& columns) {
  const auto& [objectives, report] = summary.metrics;
  std::string text;
  if (columns.several) {
    std::vector<std::string> corner;
    for (std::size_t i = 0; i < objectives.size(); ++i)
      corner.push_back(fmt::format("{} {}", title_of(objectives[i]), shown(summary.reference[i])));
    text += fmt::format(
        "Front: how many architectures nothing that was tried dominates. Hypervolume: what they dominate,\n"
        "up to {}. Both are means over the seeds; front.csv of each search lists its front.\n",
        fmt::join(corner, ", "));
  } else if (report) {
    text += fmt::format("Mean ± standard deviation over the seeds; the interval is that of the mean {}.\n",
                        spoken(*report));
    if (summary.best_report)
      text += fmt::format("Regret: to the best {} of the whole space, {}.\n", spoken(*report),
                          shown(*summary.best_report));
    if (objectives.size() == 1)
      text += fmt::format("Each search selects its architecture by {} alone; no search sees {}.\n",
                          spoken(objectives.front()), spoken(*report));
  } else if (!objectives.empty()) {
    text += "Mean ± standard deviation over the seeds.\n";
  }
  if (summary.constrained)
    text += "Refused: the share of all proposals that broke a constraint; they were not tried.\n";
  if (columns.trained)
    text +=
        "From scratch: test accuracy of the found architecture's network, trained as evaluate: says, over "
        "all trainings.\n";
  if (columns.published && !summary.published_source.empty())
    text += fmt::format("Published figures: {}.\n", summary.published_source);
  return text;
}

}  // namespace

std::string render(const Summary& summary) {
  const Columns columns{.summary = summary};
  std::vector<Row> table = {columns.titles()};
  for (const SummaryRow& row : summary.rows) table.push_back(columns.cells(row));
  std::string text = fmt::format("{}\n\n{}\n{}", summary.title, aligned(table), notes(summary, columns));
  for (const SummaryRow& row : summary.rows) text += comparison(row);
  return text;
}

}  // namespace espalier::host
