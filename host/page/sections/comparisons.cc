#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "espalier/errors/nearest.h"
#include "espalier/host/report/comparison.h"
#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/mean_ranks.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

using host::ComparedMethod;
using host::ComparedRuns;

std::string p_text(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

/// Whether seeds can tell two methods apart, and which one is better then.
enum class Verdict { first, second, alike, too_few };

Verdict verdict_of(const host::Comparison& comparison, const Metric& metric) {
  constexpr double level = 0.05;
  if (comparison.pairs < host::kFewestPairs) return Verdict::too_few;
  if (comparison.adjusted_p >= level) return Verdict::alike;
  return higher_is_better(metric, comparison.effect) > 0.0 ? Verdict::first : Verdict::second;
}

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::first:
      return "first is better";
    case Verdict::second:
      return "second is better";
    case Verdict::alike:
      return "not told apart";
    case Verdict::too_few:
      break;
  }
  return "too few seeds";
}

std::vector<Cell> difference_row(const host::PairwiseComparison& pair, const ComparedRuns& group,
                                 const std::vector<const ComparedMethod*>& methods) {
  const host::Comparison& comparison = pair.comparison;
  return {{.text = methods[pair.first]->name},
          {.text = methods[pair.second]->name},
          {.text = fmt::to_string(comparison.pairs), .number = static_cast<double>(comparison.pairs)},
          {.text = fmt::format("{:+.3f}", comparison.difference), .number = comparison.difference},
          {.text = comparison.interval ? host::interval(*comparison.interval) : "–"},
          {.text = fmt::format("{:+.2f}", comparison.effect), .number = comparison.effect},
          {.text = p_text(comparison.adjusted_p), .number = comparison.adjusted_p},
          {.text = verdict_text(verdict_of(comparison, *group.judged_by))}};
}

Table differences_table(const ComparedRuns& group, std::size_t number) {
  return {
      .id = numbered_id("differences-table", number),
      .title = group.title,
      .caption =
          "Differences are means of the first less the second, over the seeds that both have, with the 95 % "
          "interval. Effect: the matched-pairs rank-biserial correlation, 1 where the first has the larger "
          "value with every seed. p: the two-sided signed-rank test (Wilcoxon), adjusted for the number of "
          "comparisons (Holm).",
      .columns = {{.title = "first"},
                  {.title = "second"},
                  {.title = "seeds", .number = true},
                  {.title = "difference", .number = true},
                  {.title = "95 % interval", .number = true},
                  {.title = "effect", .number = true},
                  {.title = "p", .number = true},
                  {.title = "verdict"}},
      .rows = {}};
}

/// Those of a group that were judged, from the best mean on; of many the best.
std::vector<const ComparedMethod*> judged_methods(const ComparedRuns& group, Section& section) {
  constexpr std::size_t most = 12;
  std::vector<const ComparedMethod*> methods;
  for (const ComparedMethod& method : group.methods)
    if (group.judged_by && method.figure) methods.push_back(&method);
  if (methods.size() <= most) return methods;
  std::ranges::stable_sort(methods, std::greater<>(), [&](const ComparedMethod* method) {
    return higher_is_better(*group.judged_by, method->figure->mean);
  });
  section.paragraphs.push_back(fmt::format("{}: of {} methods the {} with the best means are compared.",
                                           group.title, methods.size(), most));
  methods.resize(most);
  return methods;
}

/// Which method has the best mean, and from which others the seeds tell it apart.
std::string verdict_on_best(const ComparedRuns& group, const std::vector<const ComparedMethod*>& methods,
                            const std::vector<host::PairwiseComparison>& pairs) {
  const auto best = std::ranges::max_element(methods, {}, [&](const ComparedMethod* method) {
    return higher_is_better(*group.judged_by, method->figure->mean);
  });
  const auto index = static_cast<std::size_t>(best - methods.begin());
  std::vector<std::string> worse;
  std::vector<std::string> alike;
  for (const host::PairwiseComparison& pair : pairs) {
    if (pair.first != index && pair.second != index) continue;
    const std::string& other = methods[pair.first == index ? pair.second : pair.first]->name;
    const bool is_first = pair.first == index;
    const bool better =
        verdict_of(pair.comparison, *group.judged_by) == (is_first ? Verdict::first : Verdict::second);
    (better ? worse : alike).push_back(other);
  }
  std::string text = fmt::format("{}: {} has the best mean.", group.title, (*best)->name);
  if (!worse.empty()) text += fmt::format(" It is better than {}.", join_names(worse));
  if (!alike.empty()) text += fmt::format(" The seeds do not tell it apart from {}.", join_names(alike));
  return text;
}

void add_differences(const ComparedRuns& group, std::size_t number, const Material& material,
                     Section& section) {
  const std::vector<const ComparedMethod*> methods = judged_methods(group, section);
  if (methods.size() < 2) return;
  std::vector<std::vector<host::SeedValue>> values;
  values.reserve(methods.size());
  for (const ComparedMethod* method : methods) values.push_back(method->values);
  const std::vector<host::PairwiseComparison> pairs = host::compare_all(values);
  Table table = differences_table(group, number);
  Intervals picture{
      .x = {.title = "difference in " + host::title_of(*group.judged_by)}, .rows = {}, .rule = 0.0};
  for (const host::PairwiseComparison& pair : pairs) {
    const std::string& first = methods[pair.first]->name;
    const std::string& second = methods[pair.second]->name;
    if (pair.comparison.pairs == 0) {
      section.paragraphs.push_back(
          fmt::format("{} and {} have no seeds in common, and are not compared.", first, second));
      continue;
    }
    table.rows.push_back(difference_row(pair, group, methods));
    IntervalRow row{.name = fmt::format("{} − {}", first, second),
                    .style = material.style(first),
                    .value = pair.comparison.difference};
    row.interval = pair.comparison.interval;
    row.note = "p " + p_text(pair.comparison.adjusted_p);
    picture.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) return;
  section.paragraphs.push_back(verdict_on_best(group, methods, pairs));
  section.items.emplace_back(Figure{
      .id = numbered_id("differences-figure", number),
      .title = group.title,
      .caption =
          fmt::format("Mean differences of the {}, paired by seed, with 95 % intervals. An interval that "
                      "reaches over the line leaves open which method is better.",
                      host::spoken(*group.judged_by)),
      .content = std::move(picture)});
  section.items.emplace_back(std::move(table));
}

/// The methods that were judged in every group.
std::vector<std::string> in_all_groups(const Material& material) {
  std::vector<std::string> names;
  for (const ComparedMethod& method : material.groups().front().methods) names.push_back(method.name);
  for (const ComparedRuns& group : material.groups())
    std::erase_if(names, [&](const std::string& name) {
      const auto method = std::ranges::find(group.methods, name, &ComparedMethod::name);
      return !group.judged_by || method == group.methods.end() || method->values.empty();
    });
  return names;
}

/// The mean of each method in each group; empty unless all groups have the same methods.
std::vector<std::vector<double>> means(const Material& material, const std::vector<std::string>& names) {
  std::vector<std::vector<double>> table;
  for (const ComparedRuns& group : material.groups()) {
    std::vector<double> row;
    for (const std::string& name : names) {
      const auto method = std::ranges::find(group.methods, name, &ComparedMethod::name);
      if (!group.judged_by || method == group.methods.end() || method->values.empty()) return {};
      double sum = 0.0;
      for (const host::SeedValue& each : method->values) sum += each.value;
      row.push_back(higher_is_better(*group.judged_by, sum / static_cast<double>(method->values.size())));
    }
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::optional<Section> comparisons(Material& material) {
  Section section{.id = "differences", .title = "Differences"};
  for (std::size_t i = 0; i < material.groups().size(); ++i)
    add_differences(material.groups()[i], i, material, section);
  if (section.items.empty()) return std::nullopt;
  return section;
}

std::optional<Section> ranks(Material& material) {
  if (material.groups().size() < 2) return std::nullopt;
  const std::vector<std::string> names = in_all_groups(material);
  if (names.size() < 2) return std::nullopt;
  const auto table = means(material, names);
  if (table.empty()) return std::nullopt;
  const host::MeanRanks ranked = host::mean_ranks(table);
  Ranks picture{.methods = {}, .critical_difference = ranked.critical_difference, .joined = ranked.joined};
  for (const std::size_t i : ranked.order)
    picture.methods.push_back({.name = names[i], .style = material.style(names[i]), .rank = ranked.ranks[i]});
  Section section{.id = "ranks", .title = "Ranks"};
  section.items.emplace_back(Figure{
      .id = "ranks-figure",
      .title = fmt::format("Mean ranks over {} benchmarks", table.size()),
      .caption =
          fmt::format("Methods by their mean rank over {} benchmarks; 1 is the best. Those that a bar joins "
                      "differ by less than the critical difference, {:.2f} (Nemenyi's test at 5 %). "
                      "Friedman's test of all "
                      "methods at once, in the form of Iman and Davenport, gives p {}. Each benchmark counts "
                      "once here, so that few of them tell less than the seeds of one, above.",
                      table.size(), ranked.critical_difference, p_text(ranked.p)),
      .content = std::move(picture)});
  return section;
}

}  // namespace espalier::page
