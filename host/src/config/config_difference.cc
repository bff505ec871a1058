#include "config/config_difference.h"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr const char* without_effect = "published";

std::string describe(const ConfigValue* value) {
  if (value == nullptr) return "not set";
  switch (value->kind) {
    case Kind::scalar:
      return fmt::format("\"{}\"", value->scalar);
    case Kind::list:
      return fmt::format("a list of {}", value->items.size());
    case Kind::map:
      if (const ConfigValue* name = value->find("name")) return describe(name);
      return "a map";
    case Kind::null:
      break;
  }
  return "empty";
}

std::string join(const std::string& path, const std::string& key) {
  return path.empty() ? key : fmt::format("{}.{}", path, key);
}

std::optional<ConfigDifference> compare(const ConfigValue* theirs, const ConfigValue* ours,
                                        const std::string& path);

std::optional<ConfigDifference> compare_lists(const ConfigValue& theirs, const ConfigValue& ours,
                                              const std::string& path) {
  for (std::size_t i = 0; i < std::max(theirs.items.size(), ours.items.size()); ++i) {
    auto difference =
        compare(i < theirs.items.size() ? &theirs.items[i] : nullptr,
                i < ours.items.size() ? &ours.items[i] : nullptr, join(path, fmt::to_string(i)));
    if (difference) return difference;
  }
  return std::nullopt;
}

std::optional<ConfigDifference> compare_maps(const ConfigValue& theirs, const ConfigValue& ours,
                                             const std::string& path) {
  for (const auto& [key, value] : ours.entries) {
    if (path.empty() && key == without_effect) continue;
    if (auto difference = compare(theirs.find(key), &value, join(path, key))) return difference;
  }
  for (const auto& [key, value] : theirs.entries) {
    if (path.empty() && key == without_effect) continue;
    if (ours.find(key) == nullptr) return compare(&value, nullptr, join(path, key));
  }
  return std::nullopt;
}

std::optional<ConfigDifference> compare(const ConfigValue* theirs, const ConfigValue* ours,
                                        const std::string& path) {
  const bool comparable = theirs != nullptr && ours != nullptr && theirs->kind == ours->kind;
  if (comparable && ours->kind == Kind::map) return compare_maps(*theirs, *ours, path);
  if (comparable && ours->kind == Kind::list) return compare_lists(*theirs, *ours, path);
  if (comparable && theirs->scalar == ours->scalar) return std::nullopt;
  return ConfigDifference{.key = path, .theirs = describe(theirs), .ours = describe(ours)};
}

}  // namespace

std::optional<ConfigDifference> first_difference(const ConfigValue& theirs, const ConfigValue& ours) {
  return compare(&theirs, &ours, "");
}

}  // namespace espalier::host
