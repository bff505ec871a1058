#include "espalier/host/config/baselines_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/config_keys.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr const char* kBaselinesForm = "[NAME, random: NUMBER], such as [resnet, random: 3]";
constexpr const char* kRandom = "random";

[[noreturn]] void refuse_baseline(const ConfigValue& value, std::string what, std::string remedy = {}) {
  throw UsageError({.what = std::move(what),
                    .where = to_string(value.where),
                    .expected = kBaselinesForm,
                    .remedy = std::move(remedy)});
}

void add_random(const ConfigValue& map, BaselinesSection& section) {
  expect_keys(map, "baselines", {kRandom}, "a network made by hand has no number: write its name alone");
  if (section.random > 0) refuse_baseline(map, "baselines: random stands there twice");
  constexpr int most = 1000;
  section.random = static_cast<std::size_t>(
      Config(map, "baselines")
          .integer(kRandom, 1, "how many architectures are drawn at random", between(1, most)));
}

void add_baseline(const ConfigValue& value, BaselinesSection& section) {
  if (value.kind == Kind::map) return add_random(value, section);
  if (value.kind != Kind::scalar || value.scalar.empty())
    refuse_baseline(value, "baselines: this is not the name of a network");
  if (value.scalar == kRandom)
    refuse_baseline(value, "baselines: random says how many are drawn", "write random: 3, for example");
  if (std::ranges::find(section.hand_made, value.scalar, &BaselinesSection::HandMadeName::name) !=
      section.hand_made.end())
    refuse_baseline(value, fmt::format("baselines: \"{}\" stands there twice", value.scalar));
  section.hand_made.push_back({.name = value.scalar, .where = value.where});
}

}  // namespace

std::vector<std::string> BaselinesSection::names() const {
  std::vector<std::string> all;
  all.reserve(hand_made.size() + random);
  for (const HandMadeName& each : hand_made) all.push_back(each.name);
  for (std::size_t i = 1; i <= random; ++i) all.push_back(fmt::format("{}_{}", kRandom, i));
  return all;
}

ConfigValue BaselinesSection::to_config() const {
  ConfigValue list = ConfigValue::list();
  list.items.reserve(hand_made.size() + 1);
  for (const HandMadeName& each : hand_made) list.items.push_back(ConfigValue::of(each.name));
  if (random > 0)
    list.items.push_back(ConfigValue::map({{kRandom, ConfigValue::of(fmt::to_string(random))}}));
  return list;
}

BaselinesSection BaselinesSection::from(const ConfigValue& value) {
  BaselinesSection section;
  section.where = value.where;
  if (value.kind == Kind::list) {
    for (const ConfigValue& item : value.items) add_baseline(item, section);
  } else {
    add_baseline(value, section);
  }
  if (section.hand_made.empty() && section.random == 0)
    refuse_baseline(value, "baselines: the list is empty", "name one, or remove baselines:");
  return section;
}

}  // namespace espalier::host
