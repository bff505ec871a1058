#include "config/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

constexpr std::uint64_t most_seeds = 1'000'000;
constexpr std::string_view dots = "..";

[[noreturn]] void refuse(const ConfigValue& value, std::string what, std::string remedy = {}) {
  throw UsageError(
      {.what = std::move(what),
       .where = to_string(value.where),
       .expected = fmt::format("seeds as 0..99, as a list [1, 2, 3] or one integer ≥ 0; at most {} of "
                               "them, each once",
                               most_seeds),
       .remedy = std::move(remedy)});
}

std::optional<std::uint64_t> read_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

/// How other programs write a range: 0-4, 0:4, 0...4.
std::string remedy_for(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789");
  const std::size_t next = text.find_first_of("0123456789", std::min(end, text.size()));
  if (end == text.npos || next == text.npos) return {};
  const auto first = read_seed(text.substr(0, end));
  const auto last = read_seed(text.substr(next));
  const std::string_view between = text.substr(end, next - end);
  const bool is_range = between == "-" || between == "–" || between == ":" || between == "...";
  if (!is_range || !first || !last || *first >= *last) return {};
  return fmt::format("write {}..{} for all from {} to {}", *first, *last, *first, *last);
}

std::uint64_t parse_seed(const ConfigValue& value) {
  if (value.kind != ConfigValue::Kind::scalar || value.quoted) refuse(value, "this is not a seed");
  const auto seed = read_seed(value.scalar);
  if (!seed) refuse(value, fmt::format("\"{}\" is not a seed", value.scalar), remedy_for(value.scalar));
  return *seed;
}

std::vector<std::uint64_t> parse_range(const ConfigValue& value, std::size_t position) {
  const std::string_view text = value.scalar;
  const auto first = read_seed(text.substr(0, position));
  const auto last = read_seed(text.substr(position + dots.size()));
  if (!first || !last) refuse(value, fmt::format("\"{}\" is not a range of seeds", text), remedy_for(text));
  if (*first > *last) refuse(value, fmt::format("the range of seeds {} runs backwards", text));
  if (*last - *first >= most_seeds) refuse(value, fmt::format("{} are too many seeds", text));
  std::vector<std::uint64_t> seeds;
  seeds.reserve(*last - *first + 1);
  for (std::uint64_t i = 0; i <= *last - *first; ++i) seeds.push_back(*first + i);
  return seeds;
}

std::vector<std::uint64_t> parse_list(const ConfigValue& value) {
  if (value.items.empty()) refuse(value, "the list of seeds is empty");
  if (value.items.size() > most_seeds)
    refuse(value, fmt::format("{} are too many seeds", value.items.size()));
  std::vector<std::uint64_t> seeds;
  std::unordered_set<std::uint64_t> known;
  for (const ConfigValue& item : value.items) {
    seeds.push_back(parse_seed(item));
    if (!known.insert(seeds.back()).second) refuse(item, fmt::format("seed {} is there twice", seeds.back()));
  }
  return seeds;
}

}  // namespace

std::vector<std::uint64_t> parse_seeds(const ConfigValue& value) {
  if (value.kind == ConfigValue::Kind::list) return parse_list(value);
  if (value.kind == ConfigValue::Kind::scalar) {
    const std::size_t position = value.scalar.find(dots);
    if (position != std::string::npos) return parse_range(value, position);
  }
  return {parse_seed(value)};
}

std::vector<std::uint64_t> find_seeds(const ConfigValue& map) {
  const ConfigValue* seed = map.find("seed");
  const ConfigValue* seeds = map.find("seeds");
  if (seed != nullptr && seeds != nullptr) {
    throw UsageError({.what = "both \"seed\" and \"seeds\" are given",
                      .where = to_string(seeds->key_where),
                      .expected = "one of them"});
  }
  if (seeds != nullptr) return parse_seeds(*seeds);
  if (seed == nullptr) return {};
  std::vector<std::uint64_t> one = parse_seeds(*seed);
  if (seed->kind == ConfigValue::Kind::scalar && one.size() == 1) return one;
  throw UsageError({.what = "\"seed\" is one integer",
                    .where = to_string(seed->where),
                    .remedy = "write `seeds:` for several"});
}

ConfigValue seeds_to_config(const std::vector<std::uint64_t>& seeds) {
  if (seeds.size() == 1) return ConfigValue::of(fmt::to_string(seeds.front()));
  bool consecutive = true;
  for (std::size_t i = 0; i < seeds.size(); ++i) consecutive = consecutive && seeds[i] == seeds.front() + i;
  if (consecutive) return ConfigValue::of(fmt::format("{}..{}", seeds.front(), seeds.back()));
  ConfigValue list = ConfigValue::list();
  for (const std::uint64_t seed : seeds) list.items.push_back(ConfigValue::of(fmt::to_string(seed)));
  return list;
}

}  // namespace espalier::host
