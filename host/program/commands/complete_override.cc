#include "commands/complete_override.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <map>

#include "espalier/config/component.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/run_config.h"

namespace espalier::program {
namespace {

using Words = std::vector<std::string>;
using Kind = ConfigValue::Kind;

/// The sections that name plugins, and of which kind.
const std::map<std::string, std::string>& kinds() {
  static const std::map<std::string, std::string> kinds = {{"search_space", "search_space"},
                                                           {"optimizer", "optimizer"},
                                                           {"benchmark", "benchmark"},
                                                           {"report", "benchmark"},
                                                           {"dataset", "dataset"},
                                                           {"trainer", "trainer"},
                                                           {"select", "trainer"},
                                                           {"evaluate", "trainer"}};
  return kinds;
}

/// The plugin that a path leads to: "optimizer.1.trainer" of "optimizer.1.trainer.epochs".
struct Place {
  std::string path;
  std::string kind;
  const ConfigValue* value = nullptr;  ///< null where the config does not have it
};

Words split(const std::string& text) {
  Words parts;
  boost::algorithm::split(parts, text, boost::algorithm::is_any_of("."));
  return parts;
}

const ConfigValue* item(const ConfigValue& list, const std::string& index) {
  for (std::size_t i = 0; i < list.items.size(); ++i)
    if (index == std::to_string(i)) return &list.items[i];
  return nullptr;
}

/// `parts` are the keys of a path whose first one is a section.
Place find_place(const ConfigValue& config, const Words& parts) {
  Place place{.path = parts.front(), .kind = kinds().at(parts.front()), .value = config.find(parts.front())};
  std::size_t next = 1;
  if (place.value != nullptr && place.value->kind == Kind::list && next < parts.size()) {
    if (const ConfigValue* const found = item(*place.value, parts[next])) {
      place.value = found;
      place.path += "." + parts[next++];
    }
  }
  if (place.kind == "optimizer" && next < parts.size() && parts[next] == "trainer") {
    place.value = place.value == nullptr ? nullptr : place.value->find("trainer");
    place.path += ".trainer";
    place.kind = "trainer";
  }
  return place;
}

std::vector<OptionInfo> options_of(host::PluginRegistry& registry, const Place& place) {
  const bool trains = place.path == "select" || place.path == "evaluate";
  if (place.value == nullptr && !trains) return {};
  const Component component = Component::from(place.value == nullptr ? ConfigValue::map() : *place.value,
                                              place.path, trains ? "from_scratch" : "");
  try {
    const Config options(component.options);
    registry.make(place.kind, component.name, options);
    return options.options();
  } catch (const Error&) {  // what is written so far may be wrong
    const Config defaults;
    registry.make(place.kind, component.name, defaults);
    return defaults.options();
  }
}

Words names(const host::PluginRegistry& registry, const std::string& kind) {
  Words found;
  for (const host::PluginFile& plugin : registry.list())
    if (plugin.kind == kind && plugin.problem.empty()) found.push_back(plugin.name);
  return found;
}

Words top_keys() {
  Words words;
  for (const std::string& key : host::RunConfig::keys()) {
    if (key == "templates") continue;  // nothing on a command line changes one
    words.push_back(key + "=");
    if (kinds().contains(key)) words.push_back(key + ".");
  }
  return words;
}

Words keys_below(host::PluginRegistry& registry, const Place& place) {
  Words words;
  if (place.value != nullptr && place.value->kind == Kind::list) {
    for (std::size_t i = 0; i < place.value->items.size(); ++i)
      for (const char* end : {"=", "."}) words.push_back(fmt::format("{}.{}{}", place.path, i, end));
    return words;
  }
  words.push_back(place.path + ".name=");
  for (const OptionInfo& option : options_of(registry, place))
    words.push_back(fmt::format("{}.{}=", place.path, option.name));
  if (place.path == "evaluate") words.push_back("evaluate.seeds=");
  if (place.kind == "optimizer")
    for (const char* end : {"=", "."}) words.push_back(place.path + ".trainer" + end);
  return words;
}

Words values_of(host::PluginRegistry& registry, const Place& place, const std::string& path) {
  if (path == place.path || path == place.path + ".name") return names(registry, place.kind);
  const std::vector<OptionInfo> options = options_of(registry, place);
  const auto option = std::find_if(options.begin(), options.end(), [&](const OptionInfo& each) {
    return place.path + "." + each.name == path;
  });
  if (option == options.end()) return {};
  if (option->type == "boolean") return {"true", "false"};
  constexpr std::string_view choice = "one of ";
  // The type of an option that names a plugin is the plugin's kind; of other types there are no names.
  if (!option->range.starts_with(choice)) return names(registry, option->type);
  Words values;
  boost::algorithm::split(values, option->range.substr(choice.size()), boost::algorithm::is_any_of(", "),
                          boost::algorithm::token_compress_on);
  return values;
}

}  // namespace

std::vector<std::string> complete_override(host::PluginRegistry& registry, const ConfigValue& config,
                                           const std::string& partial) {
  const std::size_t equals = partial.find('=');
  const std::string path = partial.substr(0, equals);
  const Words parts = split(path);
  const bool has_value = equals != partial.npos;
  if (!has_value && parts.size() == 1) return top_keys();
  if (!kinds().contains(parts.front())) return {};
  const Place place = find_place(config, parts);
  if (!has_value) return keys_below(registry, place);
  Words words;
  for (const std::string& value : values_of(registry, place, path))
    words.push_back(fmt::format("{}={}", path, value));
  return words;
}

}  // namespace espalier::program
