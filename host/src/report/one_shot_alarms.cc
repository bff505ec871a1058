#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/host/report/alarms.h"
#include "espalier/host/report/figure_text.h"

namespace espalier::host {
namespace {

using Weight = Alarm::Weight;

/// The searches of one method for which something holds: "in 2 of 4 searches (seeds 0, 3)".
class Affected {
 public:
  void add(std::uint64_t seed, std::string example) {
    if (seeds_.empty()) example_ = std::move(example);
    seeds_.push_back(seed);
  }
  bool empty() const { return seeds_.empty(); }
  /// Before the example: nothing where there is no other.
  std::string first() const { return seeds_.size() == 1 ? "" : fmt::format("with seed {} ", seeds_.front()); }
  /// What is to be said of the first of them.
  const std::string& example() const { return example_; }
  std::string text(std::size_t searches) const {
    constexpr std::size_t most = 10;
    if (searches == 1) return fmt::format("with seed {}", seeds_.front());
    const auto end = seeds_.begin() + static_cast<std::ptrdiff_t>(std::min(most, seeds_.size()));
    return fmt::format("in {} of {} searches (seed{} {}{})", seeds_.size(), searches,
                       seeds_.size() == 1 ? "" : "s", fmt::join(seeds_.begin(), end, ", "),
                       seeds_.size() > most ? ", …" : "");
  }

 private:
  std::vector<std::uint64_t> seeds_;
  std::string example_;
};

/// The searches of one method.
using Histories = std::vector<const OneShotHistory*>;

std::string method_of(const Histories& histories) {
  return fmt::format("{}, {}", run_name(*histories.front()->run), histories.front()->label);
}

void add_skips(const Histories& histories, std::vector<Alarm>& alarms) {
  Affected affected;
  for (const OneShotHistory* history : histories) try {
      const std::string& architecture = history->epochs.back().architecture;
      if (!history->run->space || architecture.empty()) continue;
      const SkipCount count = count_skips(*history->run->space, architecture);
      if (count.skips >= 2 && 2 * count.skips > count.choices)
        affected.add(history->seed, fmt::format("{} of {}", count.skips, count.choices));
    } catch (const Error&) {  // an architecture of another build of the space, of which a run says more
    }
  if (affected.empty()) return;
  alarms.push_back(
      {Weight::warning,
       fmt::format(
           "{}: skip connections win {}, {}{} choices. Differentiable searches tend to "
           "prefer them because they train fast in the supernet, not because the network is good; look at "
           "the epochs before, or stop earlier.",
           method_of(histories), affected.text(histories.size()), affected.first(), affected.example())});
}

const SeedResult* result_of(const OneShotHistory& history) {
  const auto& rows = history.run->summary.rows;
  const auto row = std::ranges::find(rows, history.label, &SummaryRow::label);
  if (row == rows.end()) return nullptr;
  const auto result = std::ranges::find(row->results, history.seed, &SeedResult::seed);
  return result == row->results.end() ? nullptr : &*result;
}

void add_undecided(const Histories& histories, std::vector<Alarm>& alarms) {
  constexpr double hardly_decided = 0.9;
  Affected affected;
  for (const OneShotHistory* history : histories) {
    const SeedResult* const result = result_of(*history);
    if (result != nullptr && result->undecided && *result->undecided >= hardly_decided)
      affected.add(history->seed, fmt::format("{:.0f} %", 100.0 * *result->undecided));
  }
  if (affected.empty()) return;
  alarms.push_back(
      {Weight::warning,
       fmt::format(
           "{}: nothing is decided {}. The strengths have {} of the entropy of equal ones, so chance had a "
           "large part in the architecture. More epochs or a larger learning rate of the architecture decide "
           "it.",
           method_of(histories), affected.text(histories.size()), affected.example())});
}

/// Of what a table says after each epoch, where that is in percent and higher is better.
std::optional<std::string> decline_of(const OneShotHistory& history, const Metric& metric) {
  constexpr double much = 5.0;
  const EpochFigures* best = nullptr;
  for (const EpochFigures& epoch : history.epochs)
    if (epoch.report && (best == nullptr || *epoch.report > *best->report)) best = &epoch;
  const EpochFigures& last = history.epochs.back();
  if (best == nullptr || !last.report || *best->report - *last.report < much) return std::nullopt;
  const bool improved = best->validation_accuracy && last.validation_accuracy &&
                        *last.validation_accuracy > *best->validation_accuracy;
  return fmt::format("that of epoch {} has a {} of {:.2f} %, that of the last, {}, one of {:.2f} %{}",
                     best->epoch, spoken(metric), *best->report, last.epoch, *last.report,
                     improved ? ", though the supernet got better" : "");
}

void add_decline(const Histories& histories, std::vector<Alarm>& alarms) {
  const auto& metric = histories.front()->run->summary.metrics.report;
  if (!metric || metric->unit != "%" || metric->direction != Direction::maximize) return;
  Affected affected;
  for (const OneShotHistory* history : histories)
    if (const auto decline = decline_of(*history, *metric)) affected.add(history->seed, *decline);
  if (affected.empty()) return;
  alarms.push_back(
      {Weight::warning, fmt::format("{}: the architecture got worse {}: {}{}.", method_of(histories),
                                    affected.text(histories.size()), affected.first(), affected.example())});
}

}  // namespace

std::vector<OneShotHistory> one_shot_histories(ReportedRun& run) {
  std::vector<OneShotHistory> histories;
  for (const ReportedMethod& method : run.methods)
    for (const ReportedSearch& search : method.searches) {
      if (!search.curve.counts_epochs && !search.curve.points.empty()) continue;
      try {
        std::vector<EpochFigures> epochs = read_epochs(search.folder);
        if (!epochs.empty())
          histories.push_back(
              {.run = &run, .label = method.label, .seed = search.seed, .epochs = std::move(epochs)});
      } catch (const Error& error) {
        run.gaps.emplace_back(error.what());
      }
    }
  return histories;
}

std::vector<Alarm> alarms_of(const std::vector<OneShotHistory>& histories) {
  std::vector<Alarm> alarms;
  for (std::size_t begin = 0; begin < histories.size();) {
    const OneShotHistory& first = histories[begin];
    Histories method;
    for (; begin < histories.size() && histories[begin].run == first.run &&
           histories[begin].label == first.label;
         ++begin)
      method.push_back(&histories[begin]);
    add_skips(method, alarms);
    add_undecided(method, alarms);
    add_decline(method, alarms);
  }
  return alarms;
}

}  // namespace espalier::host
