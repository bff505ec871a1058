#include "config/config_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

#include "config/seeds.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;
using Difference = std::optional<ConfigDifference>;

/// What nothing else of the run depends on. A baseline has a directory with a config of its own.
constexpr std::array without_effect = {"paper_results", "baselines"};
/// Phases that begin when all searches have ended, and what they need.
constexpr std::array later_phases = {"select", "evaluate", "dataset"};

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

std::optional<double> number(const ConfigValue& value) {
  if (value.kind != Kind::scalar || value.quoted) return std::nullopt;
  double result = 0.0;
  const char* const end = value.scalar.data() + value.scalar.size();
  const auto [rest, error] = std::from_chars(value.scalar.data(), end, result);
  if (value.scalar.empty() || rest != end || error != std::errc()) return std::nullopt;
  return result;
}

bool holds_all(const ConfigValue& theirs, const ConfigValue& ours) {
  const std::vector<std::uint64_t> seeds = parse_seeds(ours);
  const std::unordered_set<std::uint64_t> all(seeds.begin(), seeds.end());
  return std::ranges::all_of(parse_seeds(theirs), [&](std::uint64_t seed) { return all.contains(seed); });
}

std::string label_of(const ConfigValue& optimizer) {
  for (const char* key : {"label", "name"})
    if (const ConfigValue* value = optimizer.find(key)) return value->scalar;
  return optimizer.scalar;
}

class Comparison {
 public:
  explicit Comparison(const std::vector<std::string>& growing) : growing_(growing) {}

  Difference compare(const ConfigValue* theirs, const ConfigValue* ours, const std::string& path) const {
    const bool comparable = theirs != nullptr && ours != nullptr;
    if (comparable && (path == "seeds" || path == "evaluate.seeds")) {
      if (holds_all(*theirs, *ours)) return std::nullopt;
    } else if (comparable && theirs->kind == ours->kind) {
      if (ours->kind == Kind::map) return compare_maps(*theirs, *ours, path);
      if (ours->kind == Kind::list && path == "optimizer") return compare_optimizers(*theirs, *ours);
      if (ours->kind == Kind::list) return compare_lists(*theirs, *ours, path);
      if (same_scalar(*theirs, *ours) || grows(*theirs, *ours, path)) return std::nullopt;
    } else if (theirs == nullptr && std::ranges::find(later_phases, path) != later_phases.end()) {
      return std::nullopt;
    }
    return ConfigDifference{.key = path, .theirs = describe(theirs), .ours = describe(ours)};
  }

 private:
  static bool same_scalar(const ConfigValue& theirs, const ConfigValue& ours) {
    if (theirs.scalar == ours.scalar) return true;
    // Large integers that differ may be one double.
    const bool integers = (theirs.scalar + ours.scalar).find_first_of(".eE") == std::string::npos;
    const auto value = number(theirs);
    return !integers && value && value == number(ours);
  }

  bool grows(const ConfigValue& theirs, const ConfigValue& ours, const std::string& path) const {
    const auto before = number(theirs);
    const auto now = number(ours);
    const bool may = std::ranges::find(growing_, path) != growing_.end();
    return may && before && now && (*now == 0.0 || (*before != 0.0 && *now > *before));
  }

  Difference compare_lists(const ConfigValue& theirs, const ConfigValue& ours,
                           const std::string& path) const {
    for (std::size_t i = 0; i < std::max(theirs.items.size(), ours.items.size()); ++i) {
      auto difference =
          compare(i < theirs.items.size() ? &theirs.items[i] : nullptr,
                  i < ours.items.size() ? &ours.items[i] : nullptr, join(path, fmt::to_string(i)));
      if (difference) return difference;
    }
    return std::nullopt;
  }

  Difference compare_optimizers(const ConfigValue& theirs, const ConfigValue& ours) const {
    for (const ConfigValue& optimizer : theirs.items) {
      const std::string label = label_of(optimizer);
      const auto same = std::ranges::find(ours.items, label, label_of);
      auto difference =
          compare(&optimizer, same == ours.items.end() ? nullptr : &*same, "optimizer." + label);
      if (difference) return difference;
    }
    return std::nullopt;
  }

  static bool is_without_effect(const std::string& path, const std::string& key) {
    return path.empty() && std::ranges::find(without_effect, key) != without_effect.end();
  }

  Difference compare_maps(const ConfigValue& theirs, const ConfigValue& ours, const std::string& path) const {
    for (const auto& [key, value] : ours.entries) {
      if (is_without_effect(path, key)) continue;
      if (auto difference = compare(theirs.find(key), &value, join(path, key))) return difference;
    }
    for (const auto& [key, value] : theirs.entries) {
      if (is_without_effect(path, key)) continue;
      if (ours.find(key) == nullptr) return compare(&value, nullptr, join(path, key));
    }
    return std::nullopt;
  }

  const std::vector<std::string>& growing_;
};

}  // namespace

std::optional<ConfigDifference> first_difference(const ConfigValue& theirs, const ConfigValue& ours,
                                                 const std::vector<std::string>& growing) {
  return Comparison(growing).compare(&theirs, &ours, "");
}

}  // namespace espalier::host
