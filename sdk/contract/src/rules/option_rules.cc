#include "rules/option_rules.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <set>
#include <string_view>

#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

std::set<std::string> names_of(const Config& config) {
  std::set<std::string> names;
  for (const OptionInfo& option : config.options()) names.insert(option.name);
  return names;
}

/// The names in `more` that `fewer` lacks.
std::vector<std::string> beyond(const std::set<std::string>& more, const std::set<std::string>& fewer) {
  std::vector<std::string> names;
  for (const std::string& name : more)
    if (!fewer.contains(name)) names.push_back(name);
  return names;
}

/// The values that an option can take if they are few; otherwise nothing.
std::vector<std::string> alternatives(const OptionInfo& option) {
  if (option.type == "boolean") return {"true", "false"};
  constexpr std::string_view prefix = "one of ";
  if (!option.range.starts_with(prefix)) return {};
  std::vector<std::string> values;
  for (std::string_view rest = std::string_view(option.range).substr(prefix.size());;) {
    const std::size_t comma = rest.find(", ");
    values.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return values;
    rest.remove_prefix(comma + 2);
  }
}

/// `options` with the option `name` ("section.name") set to `value`.
ConfigValue with(ConfigValue options, const std::string& name, const std::string& value) {
  std::vector<std::string> path;
  boost::split(path, name, boost::is_any_of("."));
  ConfigValue* map = &options;
  for (std::size_t i = 0; i < path.size(); ++i) {
    map->kind = ConfigValue::Kind::map;
    if (i + 1 == path.size()) break;
    if (map->find(path[i]) == nullptr) map->set(path[i], ConfigValue());
    map = map->find(path[i]);
  }
  map->set(path.back(), ConfigValue::of(value));
  return options;
}

void is_made_by_name(const PluginUnderTest& tested) {
  const auto plugin = tested.make(tested.config());
  expect(plugin->name() == tested.name(), "the host created a plugin with the name \"{}\"", plugin->name());
}

void describes_its_options(const PluginUnderTest& tested) {
  const Config config = tested.config();
  tested.make(config);
  for (const OptionInfo& option : config.options())
    expect(!option.help.empty(), "the option \"{}\" has no line of help", option.name);
}

void accepts_its_defaults(const PluginUnderTest& tested) {
  const Config config = tested.config();
  tested.make(config);
  const ConfigValue resolved = config.resolved();
  const std::string text = host::to_yaml(resolved);
  const Config again(host::parse_yaml(text, "the resolved config"), tested.kind());
  during("given the options that it resolved", [&] { return tested.make(again); });
  const std::string after = host::to_yaml(again.resolved());
  expect(after == text, "the options that it resolved,\n{}resolve to others:\n{}", text, after);
}

/// The constructor must read the same options whatever the value of one of them.
void declares_its_options(const PluginUnderTest& tested) {
  const Config config = tested.config();
  tested.make(config);
  const std::set<std::string> declared = names_of(config);
  for (const OptionInfo& option : config.options()) {
    for (const std::string& value : alternatives(option)) {
      const Config other(with(tested.options(), option.name, value), tested.kind());
      bool made = true;
      try {
        tested.make(other);
      } catch (const UsageError&) {
        made = false;  // values that exclude each other: what was read until then counts
      }
      std::vector<std::string> differing = beyond(names_of(other), declared);
      if (made && differing.empty()) differing = beyond(declared, names_of(other));
      expect(differing.empty(), "the constructor reads the option \"{}\" or not, depending on {}, here {}",
             fmt::join(differing, "\", \""), option.name, value);
    }
  }
}

void reads_its_options_at_once(const PluginUnderTest& tested,
                               const std::function<void(std::unique_ptr<Plugin>)>& use) {
  const Config config = tested.config();
  auto plugin = tested.make(config);
  const std::set<std::string> declared = names_of(config);
  use(std::move(plugin));
  const std::vector<std::string> late = beyond(names_of(config), declared);
  expect(late.empty(), "the option \"{}\" was read after the constructor", fmt::join(late, "\", \""));
}

}  // namespace

std::vector<Rule> option_rules(const std::shared_ptr<const PluginUnderTest>& plugin,
                               const std::function<void(std::unique_ptr<Plugin>)>& use) {
  RuleList<PluginUnderTest> rules(plugin);
  rules.add(
      {"IsMadeByName", "the host finds the plugin by its name and creates it from the options of the case",
       "no config can name the plugin",
       "read the error; give the plugin's folder as plugin_path or in ESPALIER_PLUGIN_PATH"},
      is_made_by_name);
  rules.add({"DescribesItsOptions", "every option has a line of help",
             "`espalier describe` shows an option that nobody understands",
             "pass a line of help where the option is read"},
            describes_its_options);
  rules.add({"AcceptsItsDefaults",
             "the plugin accepts the options that it resolved, and resolves them to themselves",
             "the config.yaml of a run directory cannot be run again",
             "give each option a default within its own range"},
            accepts_its_defaults);
  rules.add({"DeclaresItsOptions", "the constructor reads every option, whatever the values of the others",
             "`espalier describe` does not show the option, and a config that sets it is refused",
             "read all options in the constructor unconditionally, and decide afterwards which to use"},
            declares_its_options);
  rules.add({"ReadsItsOptionsAtOnce", "no option is read after the constructor",
             "a value out of range ends a search halfway, and a config that sets the option is refused",
             "read the option in the constructor, and keep its value instead of the Config"},
            [use](const PluginUnderTest& tested) { reads_its_options_at_once(tested, use); });
  return rules.take();
}

}  // namespace espalier::contract
