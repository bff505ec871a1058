#include <fmt/format.h>

#include <algorithm>

#include "espalier/host/report/summary.h"

namespace espalier::host {
namespace {

using Row = std::vector<std::string>;

constexpr const char* nothing = "-";

std::string mean_and_deviation(const std::optional<Statistics>& figure) {
  if (!figure) return nothing;
  if (figure->count < 2) return fmt::format("{:.2f}", figure->mean);
  return fmt::format("{:.2f} ± {:.2f}", figure->mean, figure->standard_deviation);
}

bool has_interval(const std::optional<Statistics>& figure) { return figure && figure->count >= 2; }

std::string interval(const Statistics& figure) {
  return fmt::format("[{:.3f}, {:.3f}]", figure.interval_low, figure.interval_high);
}

Row cells(const SummaryRow& row, bool trained, bool published) {
  Row cells = {row.label,
               fmt::to_string(row.results.size()),
               mean_and_deviation(row.validation),
               mean_and_deviation(row.test),
               has_interval(row.test) ? interval(*row.test) : nothing,
               row.test ? fmt::format("{:.2f}", row.test->best) : nothing,
               row.regret ? fmt::format("{:.2f}", *row.regret) : nothing};
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

/// Nothing where there are too few values to compare. A test accuracy that the searches tell themselves comes
/// before that of trainings from scratch.
std::string comparison(const SummaryRow& row) {
  if (!row.published) return {};
  if (has_interval(row.test)) return comparison(row.label, *row.test, row.published->mean);
  if (!has_interval(row.trained)) return {};
  return comparison(row.label + ", from scratch", *row.trained, row.published->mean);
}

}  // namespace

std::string render(const Summary& summary) {
  const auto& rows = summary.rows;
  const bool published =
      std::any_of(rows.begin(), rows.end(), [](const SummaryRow& row) { return row.published.has_value(); });
  const bool trained =
      std::any_of(rows.begin(), rows.end(), [](const SummaryRow& row) { return row.trained.has_value(); });
  std::vector<Row> table = {
      {"optimizer", "seeds", "validation %", "test %", "95 % interval", "best", "regret"}};
  if (trained) table.front().insert(table.front().end(), {"trainings", "from scratch %"});
  if (published) table.front().emplace_back("published");
  for (const SummaryRow& row : rows) table.push_back(cells(row, trained, published));

  std::string text = fmt::format("{}\n\n{}\n", summary.title, aligned(table));
  text += "Mean ± standard deviation over the seeds; the interval is that of the mean test accuracy.\n";
  if (summary.best_test) {
    text +=
        fmt::format("Regret: to the best test accuracy of the whole space, {:.2f}.\n", *summary.best_test);
  }
  if (std::any_of(rows.begin(), rows.end(),
                  [](const SummaryRow& row) { return row.validation && row.test; })) {
    text += "Each search selects its architecture by validation alone; no search sees test accuracy.\n";
  }
  if (trained) {
    text +=
        "From scratch: test accuracy of the found architecture's network, trained as evaluate: says, over "
        "all "
        "trainings.\n";
  }
  if (published && !summary.published_source.empty()) {
    text += fmt::format("Published figures: {}.\n", summary.published_source);
  }
  for (const SummaryRow& row : rows) text += comparison(row);
  return text;
}

}  // namespace espalier::host
