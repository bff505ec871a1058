#include <fmt/format.h>

#include <algorithm>

#include "config/config_state.h"
#include "config/config_text.h"
#include "espalier/config/component.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/component_maker.h"

// Options that name a plugin. The component reads its own options from the same place of the config, so that
// they are documented, checked and resolved as a section of their owner's.
namespace espalier {
namespace {

/// A plugin whose component has a component of the same name would never end.
void check_owners(const std::vector<ComponentName>& owners, const ComponentName& made,
                  const std::string& path, const Location& where) {
  const bool holds_itself = std::ranges::any_of(
      owners, [&](const ComponentName& owner) { return owner.kind == made.kind && owner.name == made.name; });
  if (!holds_itself) return;
  throw UsageError(
      {.what = fmt::format("{}: the {} \"{}\" would hold itself", path, spoken_kind(made.kind), made.name),
       .where = to_string(where),
       .expected = fmt::format("another {}", spoken_kind(made.kind))});
}

/// The component that stands in no config; messages give the place of its owner.
ConfigValue default_component(std::string_view name, const ConfigValue& options, const Location& where) {
  ConfigValue value = ConfigValue::of(std::string(name));
  if (!options.entries.empty()) {
    value = options;
    value.set("name", ConfigValue::of(std::string(name)));
  }
  value.where = where;
  return value;
}

/// Labels tell the optimizers of a run apart; a component has no use for one.
void refuse_label(const ConfigValue& value, const std::string& path) {
  const ConfigValue* const label = value.kind == ConfigValue::Kind::map ? value.find("label") : nullptr;
  if (label == nullptr) return;
  throw UsageError({.what = fmt::format("{}: a component has no label", path),
                    .where = to_string(label->key_where),
                    .remedy = "remove it"});
}

}  // namespace

std::unique_ptr<Plugin> Config::make_component(std::string_view name, const char* kind,
                                               std::string_view fallback, std::string_view help,
                                               const ConfigValue& fallback_options) const {
  State& state = *state_;
  const std::string option(name);
  const std::string path = state.path_of(option);
  state.check_name(name);
  const ConfigValue* const given = state.given.find(option);
  const ConfigValue value =
      given != nullptr ? *given : default_component(fallback, fallback_options, state.given.where);
  if (state.resolved.find(option) == nullptr)
    state.options.push_back({option, kind, std::string(fallback), "", std::string(help)});
  if (fallback.empty() && value.kind == ConfigValue::Kind::scalar && value.scalar.empty()) {
    state.resolved.set(option, ConfigValue::of("", true));
    return nullptr;  // left out
  }
  if (state.maker == nullptr) {
    throw Error(
        {.what = fmt::format("the option {} names a {}, and nothing here makes one", path, spoken_kind(kind)),
         .remedy = "make the plugin with a Host or a PluginRegistry"});
  }
  refuse_label(value, path);
  const Component component = Component::from(value, path, std::string(fallback));
  const ComponentName made{.kind = kind, .name = component.name};
  check_owners(state.owners, made, path, place_of(value));
  const Config options(component.options, path);
  options.state_->owners = state.owners;
  std::unique_ptr<Plugin> plugin = state.maker->make(kind, component.name, options);
  ConfigValue resolved = ConfigValue::map({{"name", ConfigValue::of(component.name)}});
  for (const auto& [key, own] : options.resolved().entries) resolved.set(key, own);
  state.resolved.set(option, std::move(resolved));
  state.components.emplace_back(made, std::pair(option, options));
  return plugin;
}

std::vector<ComponentName> Config::components() const {
  std::vector<ComponentName> all;
  for (const auto& [component, option] : state_->components) {
    all.push_back(component);
    for (ComponentName& inner : option.second.components()) all.push_back(std::move(inner));
  }
  for (const auto& [name, section] : state_->sections)
    for (ComponentName& inner : section.components()) all.push_back(std::move(inner));
  return all;
}

void Config::set_owner(ComponentName owner, ComponentMaker& maker) const {
  state_->owners.push_back(std::move(owner));
  state_->maker = &maker;
}

}  // namespace espalier
