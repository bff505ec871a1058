#include "space/hand_made_rules.h"

#include <cstdlib>

#include "espalier/space/has_hand_made.h"

namespace espalier::contract {
namespace {

void hand_made_networks_scale(const SearchSpaceUnderTest& tested) {
  const Config config = tested.plugin->config();
  const auto space = PluginUnderTest::as<SearchSpace>(tested.plugin->make(config));
  const std::vector<HandMade> all = hand_made(*space);
  if (all.empty()) throw NotApplicable("the space names no network that was made by hand");
  const std::string option = width_option(*space);
  const ConfigValue resolved = config.resolved();
  const ConfigValue* const width = resolved.find(option);
  expect(width != nullptr, "width_option() is {}, which is no option of the space", option);
  const int doubled = 2 * std::atoi(width->scalar.c_str());
  ConfigValue wider = tested.plugin->options();
  if (wider.kind != ConfigValue::Kind::map) wider = ConfigValue::map();
  wider.set(option, ConfigValue::of(std::to_string(doubled)));
  const auto wide =
      PluginUnderTest::as<SearchSpace>(tested.plugin->make(Config(wider, tested.plugin->kind())));
  for (const HandMade& made : all) {
    const auto before = space->parameters(space->parse(made.architecture));
    const auto after = wide->parameters(wide->parse(made.architecture));
    expect(after > before, "{} has {} parameters with {}: {} and {} with {}", made.name, before, option,
           width->scalar, after, doubled);
  }
}

}  // namespace

void add_hand_made_rules(RuleList<SearchSpaceUnderTest>& rules) {
  rules.add(
      {"HandMadeNetworksScale",
       "hand_made() names architectures of the space, and more of width_option() gives them more parameters",
       "a search is compared with a network of another size",
       "name the option that scales a network as it is trained from scratch"},
      hand_made_networks_scale);
}

}  // namespace espalier::contract
