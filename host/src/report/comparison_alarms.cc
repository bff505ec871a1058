#include <fmt/format.h>

#include <algorithm>

#include "config/config_difference.h"
#include "espalier/host/report/alarms.h"

namespace espalier::host {
namespace {

using Weight = Alarm::Weight;

void add_few_seeds(const ComparedRuns& group, std::vector<Alarm>& alarms) {
  if (group.methods.size() < 2 || !group.judged_by) return;
  std::size_t fewest = group.methods.front().values.size();
  for (const ComparedMethod& method : group.methods) fewest = std::min(fewest, method.values.size());
  if (fewest >= kFewestPairs || fewest == 0) return;
  alarms.push_back(
      {Weight::warning,
       fmt::format("{}: too few seeds to tell. With {} the test cannot find any difference, however "
                   "large; it takes at least {}.",
                   group.title, fewest, kFewestPairs)});
}

/// What the searches of a method may spend, as the trainer's options say.
std::string budget_of(const ComparedMethod& method) {
  if (!method.index) return "";
  const Component& trainer = method.run->methods[*method.index].trainer;
  std::string text = trainer.name;
  for (const char* option : {"trials", "budget_seconds"})
    if (const ConfigValue* const value = trainer.options.find(option))
      text += fmt::format(" {}={}", option, value->scalar);
  return text;
}

/// One-shot searches count epochs; only searches that make trials can have equal budgets.
bool makes_trials(const ComparedMethod& method) {
  return method.index && method.run->methods[*method.index].trainer.options.find("trials") != nullptr;
}

void add_budgets(const ComparedRuns& group, std::vector<Alarm>& alarms) {
  const ComparedMethod* first = nullptr;
  for (const ComparedMethod& method : group.methods) {
    if (!makes_trials(method)) continue;
    if (first == nullptr) first = &method;
    if (budget_of(method) == budget_of(*first)) continue;
    alarms.push_back(
        {Weight::warning,
         fmt::format("{}: the budgets differ, so the results at the end do not compare: {} has {}, {} "
                     "has {}. Compare the curves at equal budgets instead.",
                     group.title, first->name, budget_of(*first), method.name, budget_of(method))});
    return;
  }
}

void add_spaces(const ComparedRuns& group, std::vector<Alarm>& alarms) {
  const ReportedRun& first = *group.methods.front().run;
  for (const ComparedMethod& method : group.methods) {
    if (method.run == &first) continue;
    const ConfigValue* const ours = method.run->begun.config.find("search_space");
    const auto difference = first_difference(*first.begun.config.find("search_space"), *ours, {});
    if (!difference) continue;
    alarms.push_back(
        {Weight::note, fmt::format("{}: the search spaces differ in {}, which is {} in {} and {} in {}.",
                                   group.title, difference->key, difference->theirs, run_name(first),
                                   difference->ours, run_name(*method.run))});
    return;
  }
}

/// The same space and the same title, yet judged otherwise.
void add_settings(const std::vector<ComparedRuns>& groups, std::vector<Alarm>& alarms) {
  for (std::size_t i = 0; i < groups.size(); ++i)
    for (std::size_t j = i + 1; j < groups.size(); ++j) {
      if (groups[i].title != groups[j].title) continue;
      const ReportedRun& a = *groups[i].methods.front().run;
      const ReportedRun& b = *groups[j].methods.front().run;
      ConfigValue theirs = ConfigValue::map();
      ConfigValue ours = ConfigValue::map();
      for (const char* key : {"benchmark", "report", "objectives", "constraints", "dataset", "evaluate"}) {
        if (const auto* value = a.begun.config.find(key)) theirs.set(key, *value);
        if (const auto* value = b.begun.config.find(key)) ours.set(key, *value);
      }
      const auto difference = first_difference(theirs, ours, {});
      alarms.push_back(
          {Weight::warning,
           difference
               ? fmt::format("{} and {} do not compare: {} is {} in the first and {} in the second.",
                             run_name(a), run_name(b), difference->key, difference->theirs, difference->ours)
               : fmt::format("{} and {} do not compare: they are judged by different figures.", run_name(a),
                             run_name(b))});
    }
}

}  // namespace

std::vector<Alarm> alarms_of(const std::vector<ComparedRuns>& groups) {
  std::vector<Alarm> alarms;
  for (const ComparedRuns& group : groups) {
    add_few_seeds(group, alarms);
    if (group.methods.empty()) continue;
    add_budgets(group, alarms);
    add_spaces(group, alarms);
  }
  add_settings(groups, alarms);
  return alarms;
}

}  // namespace espalier::host
