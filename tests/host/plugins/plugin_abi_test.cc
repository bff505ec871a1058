#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/version.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/abi.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"
#include "paths.h"

// Plugins of other SDKs than this host's: see docs/abi.md.
namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

PluginRegistry registry_of(const std::string& fixture) {
  const fs::path fixtures = paths::fixture_plugins;
  return PluginRegistry({fixtures / fixture, fixtures / "good"});
}

TEST(PluginAbiTest, TheTagHoldsWhatCrossesTheBoundary) {
  const auto json = nlohmann::json::meta()["version"]["string"].get<std::string>();
  EXPECT_THAT(ESPALIER_ABI_TAG, AllOf(::testing::StartsWith("sdk" ESPALIER_SDK_MAJOR "-libstdcxx11-"),
                                      HasSubstr("-boost" BOOST_LIB_VERSION), HasSubstr("-json" + json)));
}

TEST(PluginAbiTest, APluginOfAnOlderMinorVersionRuns) {
  PluginRegistry registry = registry_of("older_minor");
  const auto trainer = registry.make<Trainer>("older_minor", Config(parse_yaml("{steps: 3}", "test.yaml")));
  const auto space = registry.make<SearchSpace>("good");
  const auto benchmark = registry.make<Benchmark>("good");
  benchmark->adapt(*space);
  const auto optimizer = registry.make<Optimizer>("good");
  const ObjectiveFunction objective(*benchmark);
  optimizer->adapt(objective.problem(1));
  EXPECT_EQ(trainer->search(*optimizer, {.objective = &objective}).trials, 3U);
  EXPECT_FALSE(uses_all_cores(*trainer)) << "an ability that came later";
}

TEST(PluginAbiTest, AnAbilityIsFoundBesideOneThatThisHostDoesNotKnow) {
  PluginRegistry registry = registry_of("unknown_ability");
  EXPECT_TRUE(uses_all_cores(*registry.make<Trainer>("unknown_ability")));
  EXPECT_FALSE(uses_all_cores(
      *registry.make<Trainer>("unknown_ability", Config(parse_yaml("{all: false}", "test.yaml")))));
  EXPECT_FALSE(uses_all_cores(*registry.make<Trainer>("good")));
}

TEST(PluginAbiTest, APluginOfTheNextMajorVersionIsRefusedBeforeItsCodeRuns) {
  PluginRegistry registry = registry_of("next_major");
  const std::string next = "sdk" + std::to_string(std::stoi(ESPALIER_SDK_MAJOR) + 1) + "-";
  try {
    registry.make<Optimizer>("next_major");
    FAIL() << "it was loaded";
  } catch (const Error& error) {
    EXPECT_THAT(error.details().what, AllOf(HasSubstr(next), HasSubstr(ESPALIER_ABI_TAG)));
    EXPECT_THAT(error.details().where, HasSubstr("next_major/plugin.so"));
    EXPECT_THAT(error.details().remedy, HasSubstr("rebuild"));
  }
  EXPECT_EQ(std::getenv("ESPALIER_FIXTURE_NEXT_MAJOR_RAN"), nullptr);
}

}  // namespace
}  // namespace espalier::host
