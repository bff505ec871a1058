#include "espalier/host/config/objectives_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "config/config_keys.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr const char* kObjectives = "[METRIC, {metric: METRIC, reference: NUMBER}, …]";
constexpr const char* kConstraints = "{METRIC: NUMBER, METRIC: {min: NUMBER, max: NUMBER}, …}";

/// The number of one key, as an option would read it.
std::optional<double> number(const ConfigValue& map, const std::string& path, const char* key,
                             const char* help) {
  if (map.find(key) == nullptr) return std::nullopt;
  return Config(map, path).number(key, 0.0, help);
}

std::string metric_name(const ConfigValue& value) {
  if (value.kind == Kind::scalar && !value.scalar.empty()) return value.scalar;
  throw UsageError({.what = "objectives: this is not the name of a metric",
                    .where = to_string(value.where),
                    .expected = kObjectives});
}

void add_objective(const ConfigValue& value, ObjectivesSection& section) {
  if (value.kind != Kind::map) {
    section.metrics.push_back({.name = metric_name(value), .where = value.where});
    return;
  }
  expect_keys(value, "objectives", {"metric", "reference"});
  const ConfigValue& name = required(value, "metric", "objectives", fmt::format("write {}", kObjectives));
  section.metrics.push_back({.name = metric_name(name), .where = name.where});
  const auto reference =
      number(value, "objectives", "reference", "the worst value of the objective, for the hypervolume");
  if (reference) section.references[section.metrics.back().name] = *reference;
}

/// A metric that is the key of a constraint is read like an option, and so it must be called like one.
void check_key(const std::string& metric, const Location& where) {
  const bool reserved = metric == "name" || metric == "label";
  const bool is_word =
      std::ranges::all_of(metric, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  if (is_word && !metric.empty() && !reserved) return;
  constexpr std::size_t kLongest = 60;
  throw UsageError(
      {.what = fmt::format("constraints: {} is not the name of a metric", quoted(metric, kLongest)),
       .where = to_string(where),
       .expected = kConstraints});
}

Constraint constraint(const std::string& metric, const ConfigValue& value) {
  check_key(metric, value.key_where);
  const std::string path = fmt::format("constraints.{}", metric);
  Constraint result{.metric = metric, .worst = {}, .min = {}, .max = {}, .where = value.key_where};
  if (value.kind != Kind::map) {
    const ConfigValue map = ConfigValue::map({{metric, value}});
    result.worst = number(map, "constraints", metric.c_str(), "the worst value that is allowed");
    return result;
  }
  expect_keys(value, path, {"min", "max"});
  result.min = number(value, path, "min", "the smallest value that is allowed");
  result.max = number(value, path, "max", "the largest value that is allowed");
  if (!result.min && !result.max)
    throw UsageError({.what = fmt::format("{}: no bound", path),
                      .where = to_string(value.where),
                      .expected = "{min: NUMBER, max: NUMBER}, or one of the two"});
  if (result.min && result.max && *result.min > *result.max)
    throw UsageError({.what = fmt::format("{}: min {} is above max {}", path, *result.min, *result.max),
                      .where = to_string(value.where),
                      .expected = "a min that is not above max"});
  return result;
}

}  // namespace

ObjectivesSection ObjectivesSection::from(const ConfigValue& config) {
  ObjectivesSection section;
  if (const ConfigValue* const objectives = config.find("objectives")) {
    if (objectives->kind == Kind::list) {
      for (const ConfigValue& item : objectives->items) add_objective(item, section);
    } else {
      add_objective(*objectives, section);
    }
    if (section.metrics.empty())
      throw UsageError({.what = "the list of objectives is empty",
                        .where = to_string(objectives->where),
                        .expected = kObjectives,
                        .remedy = "leave the key out to optimize what the benchmark says"});
  }
  if (const ConfigValue* const constraints = config.find("constraints")) {
    expect_map(*constraints, "constraints", kConstraints);
    for (const auto& [metric, value] : constraints->entries)
      section.constraints.push_back(constraint(metric, value));
  }
  return section;
}

ConfigValue ObjectivesSection::objectives_to_config() const {
  if (metrics.empty()) return {};
  ConfigValue list = ConfigValue::list();
  for (const MetricName& metric : metrics) {
    const auto reference = references.find(metric.name);
    if (reference == references.end()) {
      list.items.push_back(ConfigValue::of(metric.name));
      continue;
    }
    list.items.push_back(ConfigValue::map(
        {{"metric", ConfigValue::of(metric.name)}, {"reference", ConfigValue::number(reference->second)}}));
  }
  return list;
}

ConfigValue ObjectivesSection::constraints_to_config() const {
  if (constraints.empty()) return {};
  ConfigValue map = ConfigValue::map();
  for (const Constraint& constraint : constraints) {
    if (constraint.worst) {
      map.set(constraint.metric, ConfigValue::number(*constraint.worst));
      continue;
    }
    ConfigValue bounds = ConfigValue::map();
    if (constraint.min) bounds.set("min", ConfigValue::number(*constraint.min));
    if (constraint.max) bounds.set("max", ConfigValue::number(*constraint.max));
    map.set(constraint.metric, std::move(bounds));
  }
  return map;
}

}  // namespace espalier::host
