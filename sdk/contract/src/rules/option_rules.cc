#include "rules/option_rules.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <set>
#include <string_view>

namespace espalier::contract {
namespace {

std::set<std::string> names_of(const Config& config) {
  std::set<std::string> names;
  for (const OptionInfo& option : config.options()) names.insert(option.name);
  return names;
}

/// Those of `more` that `fewer` has not.
std::vector<std::string> beyond(const std::set<std::string>& more, const std::set<std::string>& fewer) {
  std::vector<std::string> names;
  for (const std::string& name : more)
    if (!fewer.contains(name)) names.push_back(name);
  return names;
}

/// What can be written in place of an option's value where that is one of few.
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

void is_made_by_name(const Tested& tested) {
  const auto plugin = tested.make(tested.config());
  expect(plugin->name() == tested.name(), "a plugin of the name \"{}\" was made", plugin->name());
}

void describes_its_options(const Tested& tested) {
  const Config config = tested.config();
  tested.make(config);
  for (const OptionInfo& option : config.options())
    expect(!option.help.empty(), "the option \"{}\" is read without a line of help", option.name);
}

void accepts_its_defaults(const Tested& tested) {
  const Config config = tested.config();
  tested.make(config);
  const ConfigValue resolved = config.resolved();
  const std::string text = host::to_yaml(resolved);
  const Config again(host::parse_yaml(text, "the resolved config"), tested.kind());
  during("given the options that it resolved itself", [&] { return tested.make(again); });
  const std::string after = host::to_yaml(again.resolved());
  expect(after == text, "the options that it resolved to,\n{}resolve to others:\n{}", text, after);
}

/// Whatever an option is set to, the constructor reads the same options.
void declares_its_options(const Tested& tested) {
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
        made = false;  // values that do not go together: what was read until then counts
      }
      std::vector<std::string> differing = beyond(names_of(other), declared);
      if (made && differing.empty()) differing = beyond(declared, names_of(other));
      expect(differing.empty(), "whether the option \"{}\" is read depends on {}, here {}",
             fmt::join(differing, "\", \""), option.name, value);
    }
  }
}

}  // namespace

std::vector<Rule> option_rules(const std::shared_ptr<const Tested>& tested,
                               const std::function<void(std::unique_ptr<Plugin>)>& use) {
  const auto reads_all_at_once = [use](const Tested& plugin) {
    const Config config = plugin.config();
    auto made = plugin.make(config);
    const std::set<std::string> declared = names_of(config);
    use(std::move(made));
    const std::vector<std::string> late = beyond(names_of(config), declared);
    expect(late.empty(), "the option \"{}\" was read after the constructor", fmt::join(late, "\", \""));
  };
  return {
      {.name = "IsMadeByName",
       .promise = "the plugin is found by its name and made from the options of the suite",
       .consequence = "no config can name it",
       .remedy =
           "read what the error says; give the plugin's folder as plugin_path or in ESPALIER_PLUGIN_PATH",
       .check = [tested] { is_made_by_name(*tested); }},
      {.name = "DescribesItsOptions",
       .promise = "every option has a line of help",
       .consequence = "`espalier describe` shows an option that nobody can use",
       .remedy = "say in the read what the option does",
       .check = [tested] { describes_its_options(*tested); }},
      {.name = "AcceptsItsDefaults",
       .promise = "the options that a config resolves to are options that resolve to themselves",
       .consequence = "the config.yaml of a run directory does not run again",
       .remedy = "give each option a default within its own range",
       .check = [tested] { accepts_its_defaults(*tested); }},
      {.name = "DeclaresItsOptions",
       .promise = "the constructor reads every option, whatever the others are",
       .consequence = "an option that it left out is missing in `espalier describe`, and refused as unknown",
       .remedy = "read all options in the constructor, unconditionally, and decide afterwards what to use",
       .check = [tested] { declares_its_options(*tested); }},
      {.name = "ReadsItsOptionsAtOnce",
       .promise = "no option is read after the constructor",
       .consequence = "a value out of range ends a search half way, and the option is refused as unknown",
       .remedy = "read the option in the constructor and keep its value, not the Config",
       .check = [tested, reads_all_at_once] { reads_all_at_once(*tested); }},
  };
}

}  // namespace espalier::contract
