#include "espalier/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/config_read.h"
#include "config/config_state.h"
#include "config/config_text.h"
#include "espalier/config/config_path.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier {
namespace {

/// The range to show. What an int can hold goes without saying, but not that an unsigned option has no sign.
Range<std::int64_t> documented(Range<std::int64_t> allowed, const Range<std::int64_t>& type) {
  if (!allowed.min && type.min == 0) allowed.min = 0;
  return allowed;
}

ConfigValue integer_value(std::int64_t value) { return ConfigValue::of(std::to_string(value)); }

ConfigValue integers_value(const std::vector<std::int64_t>& values) {
  ConfigValue list = ConfigValue::list();
  for (const std::int64_t value : values) list.items.push_back(integer_value(value));
  return list;
}

}  // namespace

Config::Config() : Config(ConfigValue()) {}

Config::Config(ConfigValue value, std::string path) : state_(std::make_shared<State>()) {
  using Kind = ConfigValue::Kind;
  if (value.kind != Kind::map && value.kind != Kind::null) {
    const std::string found = value.kind == Kind::list ? "a list" : shown(value.scalar);
    throw UsageError({.what = (path.empty() ? "the config" : path) + ": " + found + " where options belong",
                      .where = to_string(value.where),
                      .expected = "a map of options, such as {name: value}"});
  }
  state_->given = std::move(value);
  state_->path = std::move(path);
  state_->resolved = ConfigValue::map();
}

bool Config::boolean(std::string_view name, bool fallback, std::string_view help) const {
  const std::string text = fallback ? "true" : "false";
  return state_->option(
      {std::string(name), "boolean", text, "", std::string(help)}, expectation("true or false", "", help),
      fallback, [](bool value) { return ConfigValue::of(value ? "true" : "false"); }, read_boolean);
}

std::int64_t Config::read_integer(std::string_view name, std::int64_t fallback, std::string_view help,
                                  IntegerRange range) const {
  const std::string text = std::to_string(fallback);
  const Range<std::int64_t> shown_range = documented(range.allowed, range.type);
  return state_->option(
      {std::string(name), State::kInteger, text, range_text(shown_range), std::string(help)},
      expectation("an integer", limits_text(shown_range), help), fallback, integer_value,
      [&](const GivenOption& given) { return espalier::read_integer(given, range.allowed, range.type); });
}

double Config::number(std::string_view name, double fallback, std::string_view help,
                      Range<double> range) const {
  const std::string text = fmt::format("{}", fallback);
  return state_->option({std::string(name), "number", text, range_text(range), std::string(help)},
                        expectation("a number", limits_text(range), help), fallback, ConfigValue::number,
                        [&](const GivenOption& given) { return read_number(given, range); });
}

std::string Config::string(std::string_view name, std::string_view fallback, std::string_view help) const {
  const ConfigValue value = string_value(fallback);
  return state_->option({std::string(name), "string", scalar_text(value), "", std::string(help)},
                        expectation("a string", "", help), std::string(fallback), string_value, read_string);
}

std::filesystem::path Config::path(std::string_view name, std::string_view help) const {
  const ConfigValue none = string_value("");
  return state_->option(
      {std::string(name), "path", scalar_text(none), "", std::string(help)}, expectation("a path", "", help),
      std::filesystem::path(), [](const std::filesystem::path& path) { return string_value(path.string()); },
      [](const GivenOption& given) { return config_path(read_string(given), place_of(given.value)); });
}

std::string Config::choice(std::string_view name, std::string_view fallback,
                           const std::vector<std::string>& allowed, std::string_view help) const {
  const ConfigValue value = string_value(fallback);
  const std::string range = fmt::format("one of {}", fmt::join(allowed, ", "));
  return state_->option({std::string(name), "string", scalar_text(value), range, std::string(help)},
                        expectation("", range, help), std::string(fallback), string_value,
                        [&](const GivenOption& given) { return read_choice(given, allowed); });
}

std::vector<std::int64_t> Config::read_integers(std::string_view name,
                                                const std::vector<std::int64_t>& fallback,
                                                std::string_view help, IntegerRange range) const {
  const std::string text = fmt::format("[{}]", fmt::join(fallback, ", "));
  const Range<std::int64_t> shown_range = documented(range.allowed, range.type);
  return state_->option(
      {std::string(name), "list of integers", text, range_text(shown_range), std::string(help)},
      expectation("a list of integers", limits_text(shown_range), help), fallback, integers_value,
      [&](const GivenOption& given) { return espalier::read_integers(given, range.allowed, range.type); });
}

void Config::assume(const ConfigValue& values) const { state_->assumed = values; }

Location Config::where(std::string_view name) const {
  const ConfigValue* value = state_->given.find(std::string(name));
  if (value == nullptr) value = state_->assumed.find(std::string(name));
  return value == nullptr ? state_->given.where : place_of(*value);
}

Config Config::section(std::string_view name) const {
  for (const auto& [known, section] : state_->sections)
    if (known == name) return section;
  const ConfigValue* value = state_->given.find(std::string(name));
  Config section(value != nullptr ? *value : ConfigValue(), state_->path_of(std::string(name)));
  state_->sections.emplace_back(name, section);
  return section;
}

std::vector<OptionInfo> Config::options() const {
  std::vector<OptionInfo> all = state_->options;
  const auto add = [&all](const std::string& name, const Config& section) {
    for (OptionInfo option : section.options()) {
      option.name = name + "." + option.name;
      all.push_back(std::move(option));
    }
  };
  for (const auto& [name, section] : state_->sections) add(name, section);
  for (const auto& [name, option] : state_->components) add(option.first, option.second);
  return all;
}

ConfigValue Config::resolved() const {
  ConfigValue all = state_->resolved;
  for (const auto& [name, section] : state_->sections) all.set(name, section.resolved());
  return all;
}

void Config::reject_unknown() const {
  const ConfigValue& given = state_->given;
  const std::string& path = state_->path;
  const auto unknown = std::find_if(given.entries.begin(), given.entries.end(), [&](const auto& entry) {
    return resolved().find(entry.first) == nullptr;
  });
  for (const auto& [name, section] : state_->sections) section.reject_unknown();
  if (unknown == given.entries.end()) return;

  std::vector<std::string> names;
  for (const auto& [name, value] : resolved().entries) names.push_back(name);
  const std::string owner = path.empty() ? "" : path + ": ";
  throw UsageError({.what = owner + "unknown option " + shown(unknown->first),
                    .where = to_string(unknown->second.key_where),
                    .expected = names.empty() ? "no options at all" : "one of " + join_names(names),
                    .nearest = nearest(unknown->first, names),
                    .remedy = state_->owners.empty()
                                  ? "correct the key or remove it"
                                  : fmt::format("correct the key, remove it, or name the plugin that has it; "
                                                "`espalier describe {} {}` explains the options of this one",
                                                state_->owners.back().kind, state_->owners.back().name)});
}

}  // namespace espalier
