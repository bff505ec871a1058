#include "config/override_effects.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

bool is_set_beside(const Override& change, const ConfigValue& value) {
  if (change.place.line > 0) return to_string(value.key_where) == to_string(change.place);
  return value.key_where.file.starts_with(std::string(command_line) + " (");
}

bool has_seeds(const Override& change) {
  return change.path.size() == 1 || (change.path.size() == 2 && change.path.front() == "evaluate");
}

/// Two spellings of one thing.
void take_other_spelling(ConfigValue& map, const Override& change) {
  const std::string& key = change.path.back();
  const std::string other = key == "seeds" ? "seed" : key == "seed" ? "seeds" : "";
  std::erase_if(map.entries, [&](const auto& entry) {
    return entry.first == other && !is_set_beside(change, entry.second);
  });
}

/// The plugin of which `component` has the options; empty where nothing says it.
std::string name_in(const ConfigValue& component, const Override& change) {
  if (const ConfigValue* const name = component.find("name")) return name->scalar;
  const std::string& section = change.path.front();
  return change.path.size() == 2 && (section == "evaluate" || section == "select") ? "from_scratch" : "";
}

/// Keys of a component that are no options of its plugin.
bool is_no_option(const std::string& key, const Override& change) {
  const std::string& section = change.path.front();
  return key == "name" || key == "label" || (section == "optimizer" && key == "trainer") ||
         (section == "evaluate" && (key == "seed" || key == "seeds"));
}

void take_options_of_another(ConfigValue& component, const Override& change) {
  const std::string before = name_in(component, change);
  if (before.empty() || before == change.value.scalar) return;
  std::vector<std::string> taken;
  std::erase_if(component.entries, [&](const auto& entry) {
    if (is_no_option(entry.first, change) || is_set_beside(change, entry.second)) return false;
    taken.push_back(entry.first);
    return true;
  });
  if (taken.empty()) return;
  constexpr std::size_t longest = 200;
  spdlog::info("{}: the options of {} are left out: {}", printable(change.where, longest),
               printable(before, longest), printable(fmt::format("{}", fmt::join(taken, ", ")), longest));
}

}  // namespace

void take_paper_results(ConfigValue& config, const Override& change) {
  static const std::vector<std::string> harmless = {"seeds",         "seed",  "plugin_path", "plugins",
                                                    "paper_results", "smoke", "cache"};
  const bool is_harmless = std::ranges::find(harmless, change.path.front()) != harmless.end() ||
                           change.path.back() == "threads" || change.path.back() == "device" ||
                           change.path.back() == "seeds" || change.path.back() == "label";
  if (is_harmless || config.find("paper_results") == nullptr) return;
  std::erase_if(config.entries, [](const auto& entry) { return entry.first == "paper_results"; });
  constexpr std::size_t longest = 200;
  spdlog::info("{}: paper_results are left out: they are those of the config without this change",
               printable(change.where, longest));
}

void take_away_beside(ConfigValue& map, const Override& change) {
  if (has_seeds(change)) take_other_spelling(map, change);
  if (change.path.back() == "name") take_options_of_another(map, change);
}

}  // namespace espalier::host
