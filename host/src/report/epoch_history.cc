#include "espalier/host/report/epoch_history.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "directory/job_files.h"
#include "espalier/search/events.h"
#include "report/event_file.h"

namespace espalier::host {
namespace {

/// What has another form is a trainer's own, and is passed over.
template <class T>
T value_or_empty(const nlohmann::json& more, const char* name) try {
  return more.contains(name) ? more.at(name).get<T>() : T();
} catch (const nlohmann::json::exception&) {
  return T();
}

EpochFigures figures_of(const EpochEvent& event) {
  EpochFigures figures;
  figures.epoch = event.epoch;
  figures.train_loss = number_in(event.more, "train_loss");
  figures.train_accuracy = number_in(event.more, "train_accuracy");
  figures.validation_loss = number_in(event.more, "validation_loss");
  figures.validation_accuracy = number_in(event.more, "validation_accuracy");
  figures.architecture = event.architecture;
  if (!event.values.empty()) figures.objective = event.values.front();
  figures.report = event.report;
  figures.entropy = number_in(event.more, "entropy");
  figures.strengths = value_or_empty<decltype(figures.strengths)>(event.more, "strengths");
  figures.benchmark = value_or_empty<decltype(figures.benchmark)>(event.more, "benchmark");
  return figures;
}

bool is_skip(std::string_view candidate) {
  constexpr std::array<std::string_view, 3> names = {"skip_connect", "skip", "identity"};
  return std::ranges::find(names, candidate) != names.end();
}

}  // namespace

std::vector<EpochFigures> read_epochs(const std::filesystem::path& folder) {
  check_events(folder);
  std::vector<EpochFigures> epochs;
  bool trials = false;
  for_each_line(folder / JobFiles::events, [&](std::uint64_t number, const std::string& line) {
    if (trials) return;  // a search of millions of trials has no epochs further down
    const Event event = read_event(line, folder / JobFiles::events, number);
    if (const auto* epoch = std::get_if<EpochEvent>(&event))
      epochs.push_back(figures_of(*epoch));
    else
      trials = true;
  });
  return trials ? std::vector<EpochFigures>() : epochs;
}

SkipCount count_skips(const SearchSpace& space, const std::string& text) {
  const Architecture architecture = space.parse(text);
  SkipCount count;
  for (std::size_t i = 0; i < space.choices().size(); ++i) {
    if (!space.is_active(i, architecture)) continue;
    ++count.choices;
    if (is_skip(space.choices()[i].candidates.at(architecture[i]))) ++count.skips;
  }
  return count;
}

}  // namespace espalier::host
