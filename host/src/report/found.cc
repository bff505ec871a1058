#include "report/found.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/statistics.h"
#include "espalier/host/report/table.h"
#include "report/parameter_count.h"

namespace espalier::host {
namespace {

bool selects(const SummaryRow& row) {
  return std::ranges::any_of(row.results,
                             [](const SeedResult& result) { return result.selection.has_value(); });
}

const SeedResult& best_of(const SummaryRow& row, const ResultMetrics& metrics) {
  const bool by_selection = selects(row);
  const auto merit = [&](const SeedResult& result) {
    if (by_selection) return result.selection.value_or(0.0);
    return result.values.empty() ? std::numeric_limits<double>::lowest()
                                 : higher_is_better(metrics.objectives.front(), result.values.front());
  };
  return *std::ranges::max_element(row.results, {}, merit);
}

std::string how_selected(const SummaryRow& row, const ResultMetrics& metrics) {
  if (row.results.size() == 1) return "";
  if (selects(row)) return ", the best by validation accuracy after a short training";
  if (row.results.front().values.empty()) return ", the first";
  return fmt::format(", the best by {}", spoken(metrics.objectives.front()));
}

std::string trainings_text(const SeedResult& result) {
  std::string text;
  for (const TrainedArchitecture& trained : result.trained)
    text += fmt::format("  trained with seed {}: test {}\n", trained.seed, test_text(trained.result));
  return text;
}

/// Above this share of the largest entropy the most probable candidates hardly lead.
constexpr double nearly_a_guess = 0.9;

std::string undecided_text(const SeedResult& result) {
  if (!result.undecided) return "";
  const double percent = 100.0 * *result.undecided;
  if (*result.undecided < nearly_a_guess)
    return fmt::format(
        "  strengths: {:.0f} % of the entropy of equal ones (0 % is decided, 100 % is a guess)\n", percent);
  return fmt::format(
      "  Undecided: its strengths have {:.0f} % of the entropy of equal ones, so chance had a large part in "
      "this architecture. More epochs or a larger learning rate of the architecture decide it.\n",
      percent);
}

std::string row_text(const SummaryRow& row, const ResultMetrics& metrics, std::size_t width) {
  const SeedResult& best = best_of(row, metrics);
  const std::string above =
      fmt::format("{} found, with seed {}{}:\n", row.label, best.seed, how_selected(row, metrics));
  const std::string size =
      row.found->parameters ? fmt::format("  {} parameters\n", grouped(*row.found->parameters)) : "";
  const std::string below = fmt::format("{}{}{}", size, undecided_text(best), trainings_text(best));
  return fmt::format("{}  {}\n{}", fold_lines(above, width), row.found->architecture,
                     fold_lines(below, width));
}

}  // namespace

void add_found(Summary& summary, const SearchSpace& space) {
  if (summary.metrics.objectives.size() > 1) return;
  for (SummaryRow& row : summary.rows) {
    if (row.results.empty()) continue;
    const SeedResult& best = best_of(row, summary.metrics);
    row.found = FoundArchitecture{.seed = best.seed,
                                  .architecture = best.architecture,
                                  .parameters = parameter_count(space, best.architecture)};
  }
}

const FoundArchitecture* best_found(const Summary& summary) {
  const SummaryRow* best = nullptr;
  const auto value = [&](const SummaryRow& row) {
    return higher_is_better(summary.metrics.objectives.front(), row.values.front().best);
  };
  for (const SummaryRow& row : summary.rows) {
    if (!row.found) continue;
    const bool better =
        best == nullptr || (!row.values.empty() && (best->values.empty() || value(row) > value(*best)));
    if (better) best = &row;
  }
  return best == nullptr ? nullptr : &*best->found;
}

std::string found_text(const Summary& summary, std::size_t width) {
  std::string text;
  for (const SummaryRow& row : summary.rows)
    if (row.found) text += "\n" + row_text(row, summary.metrics, width);
  return text;
}

std::string test_text(const TrainingResult& result) {
  if (result.test_images == 0) return fmt::format("{:.2f} %", result.test);
  const Interval interval = wilson_interval(result.test, result.test_images);
  return fmt::format("{:.2f} % of {} images, 95 % interval [{:.2f}, {:.2f}]", result.test,
                     grouped(static_cast<std::int64_t>(result.test_images)), interval.low, interval.high);
}

}  // namespace espalier::host
