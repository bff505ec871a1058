#include <fmt/format.h>

#include <algorithm>

#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "espalier/host/report/verdict.h"

namespace espalier::host {
namespace {

std::string trainings_table(const Summary& summary, std::size_t width) {
  Table table({{"network"},
               {"trainings", Table::Align::right},
               {"parameters", Table::Align::right},
               {"test %"},
               {"95 % interval"}});
  for (const ComparedNetworks& networks : compared_networks(summary)) {
    const Statistics test = statistics(networks.tests, Metric{.name = "test_accuracy", .unit = "%"});
    const std::string deviation =
        test.standard_deviation ? fmt::format(" ± {:.2f}", *test.standard_deviation) : "";
    table.add({networks.name, fmt::to_string(networks.tests.size()), grouped(networks.parameters),
               fmt::format("{:.2f}{}", test.mean, deviation), interval(test)});
  }
  return table.render({.width = width, .ruled = false});
}

bool has_answer(const std::vector<Verdict>& all, VerdictAnswer answer) {
  return std::ranges::any_of(all, [&](const Verdict& verdict) { return verdict.answer == answer; });
}

}  // namespace

std::string sentence(const Verdict& verdict) {
  if (verdict.answer == VerdictAnswer::unknown)
    return fmt::format(
        "{} and {} differ by {:+.2f} points, and one network or training cannot tell whether that "
        "is chance.",
        verdict.method, verdict.baseline, verdict.difference);
  const std::string figures =
      fmt::format("{:+.2f} points, 95 % interval [{:.2f}, {:.2f}], p {:.3f}", verdict.difference,
                  verdict.interval->low, verdict.interval->high, verdict.adjusted_p);
  switch (verdict.answer) {
    case VerdictAnswer::better:
      return fmt::format("{} is better than {}: {}.", verdict.method, verdict.baseline, figures);
    case VerdictAnswer::worse:
      return fmt::format("{} is worse than {}: {}.", verdict.method, verdict.baseline, figures);
    default:
      return fmt::format("{} is not distinguishable from {}: {}.", verdict.method, verdict.baseline, figures);
  }
}

std::string advice(const Summary& summary) {
  const std::vector<Verdict> all = verdicts(summary);
  if (all.empty()) return "";
  if (const BaselineResult* const preferred = preferred_baseline(summary))
    return fmt::format(
        "The search is not shown to be worth its cost: what it found is not distinguishably better than {}. "
        "Take baselines/{}, or let more seeds or a longer search tell.",
        preferred->random ? "architectures drawn at random" : preferred->name + ", a network made by hand",
        preferred->name);
  if (has_answer(all, VerdictAnswer::better)) {
    return has_answer(all, VerdictAnswer::unknown)
               ? "The best search is better than every baseline that can be compared with it."
               : "The best search is better than every baseline.";
  }
  return "Several trainings on each side can tell: give evaluate: {seeds: 0..4}, or more seeds.";
}

std::string verdict_text(const Summary& summary, std::size_t width) {
  if (summary.baselines.empty()) return "";
  std::string text = fmt::format("\nVerdict, by test accuracy after trainings that are alike:\n\n{}\n",
                                 trainings_table(summary, width));
  std::string below;
  for (const Verdict& verdict : verdicts(summary)) below += sentence(verdict) + "\n";
  if (const std::string then = advice(summary); !then.empty()) below += then + "\n";
  return text + fold_lines(below, width);
}

}  // namespace espalier::host
