#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

using ::testing::HasSubstr;

// The text after the overrides, in the form of to_yaml.
std::string overridden(std::string_view text, const std::vector<std::string>& assignments) {
  ConfigValue config = parse_yaml(text, "run.yaml");
  for (const std::string& assignment : assignments) apply_override(config, assignment);
  return to_yaml(config);
}

ErrorDetails error_of(std::string_view text, const std::string& assignment) {
  try {
    overridden(text, {assignment});
  } catch (const UsageError& error) {
    return error.details();
  }
  ADD_FAILURE() << "no UsageError for " << assignment;
  return {.what = ""};
}

std::string same(std::string_view text) { return overridden(text, {}); }

TEST(Override, ReplacesAndAdds) {
  EXPECT_EQ(overridden("seed: 0", {"seed=7"}), same("seed: 7"));
  EXPECT_EQ(overridden("seed: 0", {"jobs=2"}), same("{seed: 0, jobs: 2}"));
  EXPECT_EQ(overridden("a: {b: 1, c: 2}", {"a.b=5"}), same("a: {b: 5, c: 2}"));
}

TEST(Override, MakesMissingMaps) {
  EXPECT_EQ(overridden("", {"a.b.c=1", "a.d=2"}), same("a: {b: {c: 1}, d: 2}"));
  EXPECT_EQ(overridden("a:", {"a.b=1"}), same("a: {b: 1}"));
}

TEST(Override, TheLastOneWins) { EXPECT_EQ(overridden("seed: 0", {"seed=1", "seed=2"}), same("seed: 2")); }

TEST(Override, ReadsTheValueAsYaml) {
  EXPECT_EQ(overridden("", {"a=[1, {b: c}]"}), same("a: [1, {b: c}]"));
  EXPECT_EQ(overridden("", {"a='10'"}), same("a: '10'"));
  EXPECT_EQ(overridden("a: 1", {"a="}), same("a:"));
  EXPECT_EQ(overridden("", {"a=b=c"}), same("a: b=c"));
  EXPECT_EQ(overridden("", {"seeds=0..99"}), same("seeds: 0..99"));
  EXPECT_EQ(overridden("", {"rate=0.5"}), same("rate: 0.5"));
}

TEST(Override, ReachesIntoLists) {
  EXPECT_EQ(overridden("o: [a, {name: b, t: 1}]", {"o.1.t=3"}), same("o: [a, {name: b, t: 3}]"));
  EXPECT_EQ(overridden("o: [a, b]", {"o.0=c"}), same("o: [c, b]"));
  EXPECT_EQ(overridden("o: [a, b]", {"o.2=c"}), same("o: [a, b, c]"));
  EXPECT_EQ(overridden("o: []", {"o.0.name=c", "o.0.t=3"}), same("o: [{name: c, t: 3}]"));
}

TEST(Override, GivesTheShortFormOptions) {
  EXPECT_EQ(overridden("optimizer: random_search", {"optimizer.population_size=5"}),
            same("optimizer: {name: random_search, population_size: 5}"));
  EXPECT_EQ(overridden("optimizer: [gdas]", {"optimizer.0.tau=5"}),
            same("optimizer: [{name: gdas, tau: 5}]"));
  EXPECT_EQ(overridden("optimizer: random_search", {"optimizer.name=gdas"}), same("optimizer: {name: gdas}"));
}

TEST(Override, PlacesTheValueOnTheCommandLine) {
  ConfigValue config = parse_yaml("a: {b: 1}", "run.yaml");
  apply_override(config, "a.b=[2]");
  const ConfigValue& value = *config.find("a")->find("b");
  EXPECT_EQ(to_string(value.where), "command line (a.b=[2])");
  EXPECT_EQ(to_string(value.items.at(0).where), "command line (a.b=[2])");
  EXPECT_EQ(to_string(value.key_where), "command line (a.b=[2])");
  EXPECT_EQ(to_string(config.find("a")->where), "run.yaml:1:4");
}

TEST(Override, SeedsReplaceASeedAndTheOtherWayRound) {
  EXPECT_EQ(overridden("{a: 1, seed: 0}", {"seeds=0..4"}), same("{a: 1, seeds: 0..4}"));
  EXPECT_EQ(overridden("seeds: 0..99", {"seed=7"}), same("seed: 7"));
  EXPECT_EQ(overridden("evaluate: {seed: 0}", {"evaluate.seeds=0..1"}), same("evaluate: {seeds: 0..1}"));
  EXPECT_EQ(overridden("trainer: {seed: 0}", {"trainer.seeds=3"}), same("trainer: {seed: 0, seeds: 3}"))
      << "options of a plugin are its own";
  EXPECT_EQ(overridden("a: 1", {"seed=1", "seeds=0..4"}), same("{a: 1, seed: 1, seeds: 0..4}"))
      << "who types both is told so";
}

TEST(Override, ANewNameLeavesOutTheOptionsOfTheOneBefore) {
  EXPECT_EQ(overridden("trainer: {name: one_shot, epochs: 20}", {"trainer.name=discrete"}),
            same("trainer: {name: discrete}"));
  EXPECT_EQ(overridden("trainer: {name: one_shot, epochs: 20}", {"trainer.name=one_shot"}),
            same("trainer: {name: one_shot, epochs: 20}"));
  EXPECT_EQ(overridden("t: {name: a, x: 1}", {"t.y=2", "t.name=b", "t.z=3"}),
            same("t: {name: b, y: 2, z: 3}"))
      << "what the command line says stays";
  EXPECT_EQ(overridden("optimizer: [{name: gdas, tau: 1, label: mine, stages: [{}], trainer: one_shot}]",
                       {"optimizer.0.name=darts"}),
            same("optimizer: [{name: darts, label: mine, trainer: one_shot}]"));
  EXPECT_EQ(overridden("optimizer: {name: bananas, k: 1, predictor: {name: ridge, alpha: 1}}",
                       {"optimizer.predictor.name=mlp_ensemble"}),
            same("optimizer: {name: bananas, k: 1, predictor: {name: mlp_ensemble}}"));
  EXPECT_EQ(overridden("evaluate: {epochs: 9, seeds: 0..1}", {"evaluate.name=mine"}),
            same("evaluate: {seeds: 0..1, name: mine}"));
  EXPECT_EQ(overridden("evaluate: {epochs: 9}", {"evaluate.name=from_scratch"}),
            same("evaluate: {epochs: 9, name: from_scratch}"));
}

TEST(Override, APluginStandsWhereItsNameIsGiven) {
  ConfigValue config = parse_yaml("a: {name: b}\nc: d\n", "run.yaml");
  apply_override(config, "a.name=x");
  apply_override(config, "c.name=y");
  EXPECT_EQ(to_string(config.find("a")->where), "command line (a.name=x)");
  EXPECT_EQ(to_string(config.find("c")->where), "command line (c.name=y)");
}

TEST(Override, NullRemovesAKey) {
  EXPECT_EQ(overridden("{a: 1, evaluate: {epochs: 9}}", {"evaluate=null"}), same("a: 1"));
  EXPECT_EQ(overridden("{a: 1, evaluate: {epochs: 9}}", {"evaluate=~"}), same("a: 1"));
  EXPECT_EQ(overridden("t: {name: a, x: 1}", {"t.x=null"}), same("t: {name: a}"));
  EXPECT_EQ(overridden("o: [a, {name: b, x: 1}]", {"o.1.x=null"}), same("o: [a, {name: b}]"));
  EXPECT_EQ(overridden("a: 1", {"a=''", "a='null'"}), same("a: 'null'"));

  const auto missing = error_of("{evaluate: 1, seed: 0}", "evalutate=null");
  EXPECT_THAT(missing.what, HasSubstr("nothing to remove"));
  EXPECT_EQ(missing.nearest, "evaluate");
  EXPECT_THAT(error_of("a: 1", "a.b.c=null").what, HasSubstr("nothing to remove"));
  EXPECT_THAT(error_of("o: [a, b]", "o.1=null").remedy, HasSubstr("o=[…]"));
}

TEST(Override, RefusesToChangeATemplate) {
  EXPECT_THAT(error_of("templates: {t: &t {x: 1}}", "templates.t.x=2").what,
              HasSubstr("a template is copied"));
}

TEST(Override, NamesWhoSaysIt) {
  ConfigValue config = parse_yaml("a: 1", "run.yaml");
  apply_override(config, "a=2", {.file = "run.yaml", .line = 9, .column = 8});
  EXPECT_EQ(to_string(config.find("a")->where), "run.yaml:9:8");
}

TEST(Override, RefusesWhatIsNoAssignment) {
  EXPECT_THAT(error_of("", "seed").what, HasSubstr("no '='"));
  EXPECT_THAT(error_of("", "seed").remedy, HasSubstr("seed=VALUE"));
  EXPECT_THAT(error_of("", "seed").expected, HasSubstr("key=value"));
  EXPECT_EQ(error_of("", "seed").where, "command line (seed)");
  for (const char* assignment : {"=1", "a.=1", ".a=1", "a..b=1", "="}) {
    EXPECT_THAT(error_of("", assignment).what, HasSubstr("empty key"));
  }
  EXPECT_THAT(error_of("", "a=[1").what, HasSubstr("malformed YAML"));
  EXPECT_THAT(error_of("", "a=[1").where, HasSubstr("command line (a=[1)"));
}

TEST(Override, RefusesAListWithoutARightIndex) {
  const auto no_index = error_of("o: [a, b]", "o.tau=1");
  EXPECT_THAT(no_index.what, HasSubstr("o is a list"));
  EXPECT_THAT(no_index.remedy, HasSubstr("o.0"));
  const auto beyond = error_of("o: [a, b]", "o.3=1");
  EXPECT_THAT(beyond.what, HasSubstr("no item 3"));
  EXPECT_EQ(beyond.expected, "an index from 0 to 2, the last of which appends an item");
  error_of("o: []", "o.1=1");
  error_of("o: [a]", "o.-1=1");
  error_of("o: [a]", "o.99999999999999999999999=1");
}

TEST(Override, RefusesAConfigOfOneValue) {
  EXPECT_THAT(error_of("text", "a=1").where, HasSubstr("run.yaml"));
}

TEST(Override, RefusesEndlessPaths) {
  std::string path = "a";
  for (int i = 0; i < 100000; ++i) path += ".a";
  EXPECT_THAT(error_of("", path + "=1").what, HasSubstr("too many keys"));
}

TEST(Override, WhatAPaperFoundHoldsForTheConfigAsItStands) {
  const std::string config =
      "paper_results: {source: a paper}\ntrainer: {name: discrete, trials: 1000}\nseeds: 0..9";
  const auto keeps = [&](const std::string& assignment) {
    ConfigValue value = parse_yaml(config, "run.yaml");
    apply_override(value, assignment);
    return value.find("paper_results") != nullptr;
  };
  for (const char* harmless : {"seeds=0..4", "plugin_path=here", "trainer.threads=1", "evaluate.seeds=0..2"})
    EXPECT_TRUE(keeps(harmless)) << harmless;
  for (const char* change : {"trainer.trials=50", "benchmark=mine", "trainer=mine"})
    EXPECT_FALSE(keeps(change)) << change;
}

}  // namespace
}  // namespace espalier::host
