#include "config/stages_section.h"

#include <fmt/format.h>

#include "config/config_keys.h"
#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

constexpr const char* form = "{search_space: {options}, optimizer: {options}, trainer: {options}}";

/// The component of the whole search under the options that a stage replaces.
Component replace_options(const Component& base, const ConfigValue& part, const std::string& path) {
  expect_map(part, path, "options of it, such as {epochs: 25}");
  for (const char* key : {"name", "label"}) {
    const ConfigValue* const kept = part.find(key);
    if (kept == nullptr || (key == std::string_view("name") && kept->scalar == base.name)) continue;
    throw UsageError({.what = fmt::format("{}: a stage cannot change the {}", path, key),
                      .where = to_string(kept->where),
                      .expected = fmt::format("options of \"{}\" alone", base.name),
                      .remedy = "remove the " + std::string(key)});
  }
  Component component = base;
  component.options.where = part.where;
  for (const auto& [key, value] : Component::from(part, path, base.name).options.entries)
    component.options.set(key, value);
  return component;
}

StageConfig parse_stage(const ConfigValue& value, const RunConfig& run, const Component& optimizer,
                        const std::string& path) {
  expect_map(value, path, form);
  expect_keys(value, path, {"search_space", "optimizer", "trainer"});
  StageConfig stage{.search_space = std::nullopt, .optimizer = optimizer, .trainer = std::nullopt};
  if (const ConfigValue* part = value.find("search_space"))
    stage.search_space = replace_options(run.search_space, *part, path + ".search_space");
  if (const ConfigValue* part = value.find("optimizer"))
    stage.optimizer = replace_options(optimizer, *part, path + ".optimizer");
  if (const ConfigValue* part = value.find("trainer"))
    stage.trainer = replace_options(run.trainer_of(optimizer), *part, path + ".trainer");
  return stage;
}

}  // namespace

std::vector<StageConfig> parse_stages(const ConfigValue& value, const RunConfig& run,
                                      const Component& optimizer) {
  if (value.kind != ConfigValue::Kind::list || value.items.empty()) {
    throw UsageError({.what = "stages: is not a list of the stages of a search",
                      .where = to_string(value.where),
                      .expected = fmt::format("[{}, …]", form)});
  }
  std::vector<StageConfig> stages;
  for (std::size_t i = 0; i < value.items.size(); ++i)
    stages.push_back(parse_stage(value.items[i], run, optimizer, fmt::format("stages.{}", i)));
  return stages;
}

}  // namespace espalier::host
