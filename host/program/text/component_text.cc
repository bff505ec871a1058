#include "text/component_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "espalier/config/config.h"

namespace espalier::program {
namespace {

using Kind = ConfigValue::Kind;

bool needs_quotes(const ConfigValue& scalar) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+~";
  return scalar.quoted || scalar.scalar.empty() ||
         scalar.scalar.find_first_not_of(plain) != std::string::npos;
}

/// YAML in one line. A string of JSON is one of YAML, too.
std::string flow_text(const ConfigValue& value) {
  std::vector<std::string> parts;
  switch (value.kind) {
    case Kind::null:
      return "null";
    case Kind::scalar:
      return needs_quotes(value) ? nlohmann::json(value.scalar).dump() : value.scalar;
    case Kind::list:
      for (const ConfigValue& item : value.items) parts.push_back(flow_text(item));
      return fmt::format("[{}]", fmt::join(parts, ", "));
    case Kind::map:
      for (const auto& [key, item] : value.entries)
        parts.push_back(fmt::format("{}: {}", key, flow_text(item)));
      return fmt::format("{{{}}}", fmt::join(parts, ", "));
  }
  return {};
}

}  // namespace

std::string component_text(const Component& component) {
  if (component.options.entries.empty()) return component.name;
  ConfigValue text = ConfigValue::map({{"name", ConfigValue::of(component.name)}});
  for (const auto& [name, value] : component.options.entries) text.set(name, value);
  return flow_text(text);
}

std::string component_text(const std::string& kind, const Component& component,
                           host::PluginRegistry& registry) {
  const Config config(component.options, kind);
  (void)registry.make(kind, component.name, config);  // which reads them, and so documents them
  const std::vector<OptionInfo> known = config.options();
  const ConfigValue resolved = config.resolved();
  Component told{.name = component.name, .label = {}, .options = ConfigValue::map()};
  for (const auto& [name, value] : component.options.entries) {
    const auto option = std::ranges::find(known, name, &OptionInfo::name);
    const bool is_default =
        option != known.end() && value.kind == Kind::scalar &&
        (option->default_value == value.scalar ||
         option->default_value == nlohmann::json(value.scalar).dump());  // a text, in quotes
    // A path in a config begins at the config's folder, and this is typed elsewhere.
    const bool is_path = option != known.end() && option->type == "path";
    if (!is_default) told.options.set(name, is_path ? *resolved.find(name) : value);
  }
  return component_text(told);
}

}  // namespace espalier::program
