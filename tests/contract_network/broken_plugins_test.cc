#include "contract/judged.h"
#include "espalier/contract/layer.h"
#include "espalier/contract/network.h"
#include "espalier/contract/one_shot_optimizer.h"

namespace espalier::testing {
namespace {

using namespace contract;  // NOLINT(google-build-using-namespace): what is tested

const std::vector<std::filesystem::path> kFixtures = {std::string(paths::fixture_plugins) + "/contract"};

std::string breaking(const std::string& rule) { return "{breaks: " + (rule.empty() ? "''" : rule) + "}"; }

std::vector<Rule> of_optimizer(const std::string& broken) {
  return one_shot_optimizer_rules("broken_one_shot", {.plugin_path = kFixtures, .options = breaking(broken)});
}
std::vector<Rule> of_networks(const std::string& broken) {
  return network_rules("broken_networks", {.plugin_path = kFixtures, .options = breaking(broken)});
}
std::vector<Rule> of_layer(const std::string& broken) {
  return layer_rules("broken_networks", {.plugin_path = kFixtures, .options = breaking(broken)});
}

TEST(BrokenPlugins, EachRuleOfOneShotOptimizersFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_optimizer,
                                     {{"IsMadeByName", kMuchElse},
                                      {"BeginsOnAnySpace", kMuchElse},
                                      {"StaysFinite", kMuchElse},
                                      {"FindsAnArchitecture", {"ReadsItsOptionsAtOnce"}},
                                      {"DependsOnTheSeedAlone", {"ResumesAnywhere", "PassesOnWhatItSaves"}}});
}

TEST(BrokenPlugins, EachRuleOfNetworksFindsItsFixture) {
  expect_each_rule_finds_its_fixture(of_networks, {{"RunsTheSupernet", {"SupernetLearnsEverywhere"}},
                                                   {"RunsEveryNetwork", {"EveryNetworkLearnsEverywhere"}}});
}

TEST(BrokenPlugins, EachRuleOfLayersFindsItsFixture) { expect_each_rule_finds_its_fixture(of_layer, {}); }

TEST(ContractTests, AreAllDocumented) {
  for (const auto& rules : {of_optimizer(""), of_networks(""), of_layer("")}) expect_documented(rules);
}

}  // namespace
}  // namespace espalier::testing
