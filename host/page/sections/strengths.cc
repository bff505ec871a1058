#include <fmt/format.h>

#include <algorithm>

#include "page/sections/one_shot_methods.h"

namespace espalier::page {
namespace {

using host::EpochFigures;
using host::OneShotHistory;

/// Of many epochs every so many, because a picture has no more columns.
HeatMap heat_map(const OneShotHistory& history) {
  constexpr std::size_t most = 100;
  HeatMap map{.x = {.title = "search epochs"}, .columns = {}, .meaning = "strength", .groups = {}};
  const std::size_t every = std::max<std::size_t>(1, (history.epochs.size() + most - 1) / most);
  const auto& choices = history.run->space ? history.run->space->choices() : std::vector<Choice>();
  for (std::size_t choice = 0; choice < history.epochs.front().strengths.size(); ++choice) {
    HeatMap::Group group;
    const bool known = choice < choices.size();
    group.name = known ? choices[choice].name : fmt::format("choice {}", choice + 1);
    for (std::size_t i = 0; i < history.epochs.front().strengths[choice].size(); ++i) {
      const bool named = known && i < choices[choice].candidates.size();
      group.rows.push_back(named ? choices[choice].candidates[i] : fmt::format("candidate {}", i + 1));
    }
    group.values.resize(group.rows.size());
    map.groups.push_back(std::move(group));
  }
  for (std::size_t i = 0; i < history.epochs.size(); i += every) {
    const EpochFigures& epoch = history.epochs[i];
    bool alike = epoch.strengths.size() == map.groups.size();
    for (std::size_t choice = 0; alike && choice < map.groups.size(); ++choice)
      alike = epoch.strengths[choice].size() == map.groups[choice].rows.size();
    if (!alike) continue;
    map.columns.push_back(static_cast<double>(epoch.epoch));
    for (std::size_t choice = 0; choice < map.groups.size(); ++choice)
      for (std::size_t row = 0; row < map.groups[choice].rows.size(); ++row)
        map.groups[choice].values[row].push_back(epoch.strengths[choice][row]);
  }
  return map;
}

}  // namespace

std::vector<Figure> strengths(const std::vector<OneShotMethod>& methods) {
  std::vector<Figure> figures;
  constexpr std::size_t most = 4;
  for (const OneShotMethod& method : methods)
    for (std::size_t i = 0; i < std::min(most, method.searches.size()); ++i) {
      const OneShotHistory& history = *method.searches[i];
      if (history.epochs.front().strengths.empty()) continue;
      figures.push_back(Figure{
          .id = fmt::format("strengths-{}-{}", method.style + 1, i + 1),
          .title = "Strengths",
          .caption =
              "How strongly the search holds to each candidate of each choice, by epoch: the strengths of a "
              "choice add up to 1, and the strongest candidate stands in the architecture.",
          .content = heat_map(history),
          .group = "search",
          .choice = fmt::format("{}, seed {}", method.name, history.seed)});
    }
  return figures;
}

}  // namespace espalier::page
