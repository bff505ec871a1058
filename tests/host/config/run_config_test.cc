#include "espalier/host/config/run_config.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using testing::config_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;

const std::string base = "search_space: nasbench201\noptimizer: random_search\ntrainer: discrete\n";
const std::string evaluation = base + "seed: 0\nevaluate: {epochs: 3, seeds: ";

TEST(RunConfig, ReadsTheQuickstart) {
  const RunConfig config =
      RunConfig::from(load_yaml(std::string(paths::source) + "/configs/quickstart.yaml"));
  EXPECT_EQ(config.search_space.name, "nasbench201");
  ASSERT_EQ(config.optimizers.size(), 2U);
  EXPECT_EQ(config.optimizers[0].label, "random_search");
  EXPECT_EQ(config.optimizers[1].options.find("population_size")->scalar, "100");
  EXPECT_EQ(config.benchmarks.front().options.find("dataset")->scalar, "cifar10");
  EXPECT_EQ(config.trainer->options.find("trials")->scalar, "1000");
  EXPECT_EQ(config.seeds.size(), 100U);
  EXPECT_EQ(config.paper_source, "NASLib paper, Table 1");
  EXPECT_DOUBLE_EQ(config.paper_results.at("regularized_evolution").mean, 94.23);
  EXPECT_DOUBLE_EQ(config.paper_results.at("random_search").standard_deviation, 0.19);
}

TEST(RunConfig, AnOptimizerMayBringItsTrainer) {
  const RunConfig config = config_of(
      "search_space: nasbench201\noptimizer: [random_search, {name: gdas, tau_max: 5, trainer: {name: "
      "one_shot, "
      "epochs: 2}}]\ntrainer: {name: discrete, trials: 9}\nseed: 0\n");
  EXPECT_EQ(config.trainer->name, "discrete");
  ASSERT_EQ(config.own_trainers.size(), 1U);
  EXPECT_EQ(config.own_trainers.at("gdas").name, "one_shot");
  EXPECT_EQ(config.own_trainers.at("gdas").options.find("epochs")->scalar, "2");
  EXPECT_EQ(config.optimizers[1].options.find("trainer"), nullptr) << "it is no option of the optimizer";
  EXPECT_NE(config.optimizers[1].options.find("tau_max"), nullptr);

  const std::string all = "search_space: nasbench201\noptimizer: {name: gdas, trainer: one_shot}\nseed: 0\n";
  EXPECT_FALSE(config_of(all).trainer.has_value()) << "nobody needs it";
  EXPECT_THAT(message_of<UsageError>([] {
                config_of(
                    "search_space: nasbench201\noptimizer: [random_search, {name: gdas, trainer: "
                    "one_shot}]\nseed: 0\n");
              }),
              AllOf(HasSubstr("\"trainer\" is missing"), HasSubstr("trainer: discrete")));
  EXPECT_THAT(
      message_of<UsageError>([] {
        config_of("search_space: nasbench201\noptimizer: {name: gdas, trainer: {epochs: 2}}\nseed: 0\n");
      }),
      AllOf(HasSubstr("optimizer.trainer: the plugin's name is missing"), HasSubstr("test.yaml:2:")));
}

TEST(RunConfig, EveryShippedConfigReads) {
  for (const auto& entry : std::filesystem::directory_iterator(std::string(paths::source) + "/configs")) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_NO_THROW(RunConfig::from(load_yaml(entry.path()))) << entry.path();
  }
}

TEST(RunConfig, ReadsSeedsInEveryForm) {
  EXPECT_THAT(config_of(base + "seeds: 3..6").seeds, ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(config_of(base + "seeds: [9, 0, 4]").seeds, ElementsAre(9, 0, 4));
  EXPECT_THAT(config_of(base + "seeds: 5").seeds, ElementsAre(5));
  EXPECT_THAT(config_of(base + "seed: 7").seeds, ElementsAre(7));
  EXPECT_EQ(config_of(base + "seeds: 1..1000000").seeds.size(), 1000000U);
  EXPECT_THAT(config_of(base + "seeds: 18446744073709551614..18446744073709551615").seeds,
              ElementsAre(18446744073709551614U, 18446744073709551615U));
}

TEST(RunConfig, ASectionEvaluateNamesTheTrainerAndItsSeeds) {
  const auto section = [](const std::string& text) {
    return *config_of(base + "seeds: 0..3\nevaluate: " + text).evaluate;
  };
  EXPECT_EQ(section("{epochs: 3}").trainer.name, "from_scratch");
  EXPECT_THAT(section("{epochs: 3}").seeds, IsEmpty()) << "that of the search";
  EXPECT_THAT(section("{epochs: 3, seeds: 0..1}").seeds, ElementsAre(0, 1));
  EXPECT_THAT(section("{seeds: [5, 2]}").seeds, ElementsAre(5, 2));
  EXPECT_THAT(section("{seed: 7}").seeds, ElementsAre(7));
  const EvaluateSection mine = section("{name: mine, epochs: 3, seeds: 4}");
  EXPECT_EQ(mine.trainer.name, "mine");
  EXPECT_EQ(mine.trainer.options.entries.size(), 1U) << "seeds are no option of the trainer";
  EXPECT_THAT(mine.seeds, ElementsAre(4));
}

TEST(RunConfig, ABenchmarkIsOptional) { EXPECT_THAT(config_of(base + "seed: 0").benchmarks, IsEmpty()); }

TEST(RunConfig, PluginFoldersAreRelativeToTheFile) {
  const std::string text = base + "seed: 0\nplugin_path: [mine, /else/where]";
  const RunConfig config = RunConfig::from(parse_yaml(text, "/some/configs/a.yaml"));
  EXPECT_THAT(config.plugin_path, ElementsAre("/some/configs/mine", "/else/where"));
  EXPECT_THAT(RunConfig::from(parse_yaml(base + "seed: 0\nplugin_path: x", "/c/a.yaml")).plugin_path,
              ElementsAre("/c/x"));
}

TEST(RunConfig, OneOptimizerMayRunUnderTwoLabels) {
  const RunConfig config = config_of(
      "search_space: a\ntrainer: t\nseed: 0\noptimizer: [{name: o, label: o_1, tau: 1}, {name: o, label: "
      "o_2}]");
  EXPECT_EQ(config.optimizers[0].label, "o_1");
  EXPECT_EQ(config.optimizers[1].label, "o_2");
}

TEST(RunConfig, FiguresOfOptimizersLeftOutAreFine) {
  EXPECT_NO_THROW(config_of(base + "seed: 0\npaper_results: {figures: {gdas: {mean: 93.09, std: 0.63}}}"));
}

TEST(RunConfig, TemplatesAreThereToBeCopied) {
  const RunConfig config = config_of(
      "templates: {short: &short {trials: 9, asked_ahead: 2}}\nsearch_space: a\noptimizer: b\n"
      "trainer: {name: discrete, <<: *short, asked_ahead: 1}\nseed: 0\n");
  EXPECT_EQ(config.trainer->options.find("trials")->scalar, "9");
  EXPECT_EQ(config.trainer->options.find("asked_ahead")->scalar, "1");
}

TEST(RunConfig, TheSmallVersionSaysWhereItsMistakesStand) {
  ConfigValue config = parse_yaml(base + "seed: 0\nsmoke: [seeds=0..x]\n", "test.yaml");
  RunConfig::make_small(config);
  EXPECT_THAT(message_of<UsageError>([&] { RunConfig::from(config); }),
              AllOf(HasSubstr("test.yaml:5:8: \"0..x\""), HasSubstr("not a range")));
}

struct Refusal {
  std::string name;
  std::string text;
  std::vector<std::string> says;
};

class RunConfigRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(RunConfigRefusal, SaysWhatAndWhere) {
  const std::string message = message_of<UsageError>([] { config_of(GetParam().text); });
  for (const std::string& part : GetParam().says) EXPECT_THAT(message, HasSubstr(part));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RunConfigRefusal,
    ::testing::Values(
        Refusal{"unknown_key", base + "seed: 0\ntrainr: x", {"trainr", "test.yaml:5:1", "trainer"}},
        Refusal{"no_map", "[1, 2]", {"not a map", "test.yaml:1:1"}},
        Refusal{"no_space", "optimizer: a\ntrainer: b\nseed: 0", {"search_space", "missing"}},
        Refusal{"no_optimizer", "search_space: a\ntrainer: b\nseed: 0", {"optimizer", "missing"}},
        Refusal{"no_trainer", "search_space: a\noptimizer: b\nseed: 0", {"trainer", "missing"}},
        Refusal{"no_seeds", base, {"seeds", "missing", "seeds: 0..99"}},
        Refusal{"both_seeds", base + "seed: 0\nseeds: 0..9", {"both", "test.yaml:5:1"}},
        Refusal{"several_under_seed", base + "seed: 0..9", {"one integer", "test.yaml:4:7"}},
        Refusal{"backwards", base + "seeds: 9..0", {"9..0", "backwards", "test.yaml:4:8"}},
        Refusal{"negative", base + "seed: -1", {"-1", "test.yaml:4:7"}},
        Refusal{"fraction", base + "seed: 1.5", {"1.5"}},
        Refusal{"words", base + "seeds: a..b", {"a..b", "test.yaml:4:8"}},
        Refusal{"open_range", base + "seeds: 1..", {"1.."}},
        Refusal{"too_many", base + "seeds: 0..1000000", {"too many"}},
        Refusal{"whole_range", base + "seeds: 0..18446744073709551615", {"too many"}},
        Refusal{"twice", base + "seeds: [1, 2, 1]", {"seed 1 is there twice", "test.yaml:4:15"}},
        Refusal{"no_seed_in_list", base + "seeds: []", {"empty"}},
        Refusal{"nested_seeds", base + "seeds: [[1]]", {"not a seed"}},
        Refusal{"seed_map", base + "seeds: {a: 1}", {"not a seed"}},
        Refusal{"quoted_seed", base + "seed: \"1\"", {"not a seed"}},
        Refusal{"evaluation_backwards", evaluation + "9..0}", {"9..0", "backwards", "test.yaml:5:30"}},
        Refusal{"evaluation_negative", evaluation + "[0, -1]}", {"\"-1\" is not a seed", "test.yaml:5:34"}},
        Refusal{"evaluation_twice", evaluation + "[1, 1]}", {"seed 1 is there twice", "test.yaml:5:34"}},
        Refusal{"evaluation_empty", evaluation + "[]}", {"the list of seeds is empty", "test.yaml:5:30"}},
        Refusal{"evaluation_nothing", evaluation + "}", {"not a seed", "test.yaml:5:", "seeds as 0..99"}},
        Refusal{"evaluation_both", evaluation + "0, seed: 1}", {"both", "test.yaml:5:23"}},
        Refusal{"no_optimizers",
                "search_space: a\noptimizer: []\ntrainer: b\nseed: 0",
                {"empty", "test.yaml:2:12"}},
        Refusal{"label_twice",
                "search_space: a\noptimizer: [o, p, o]\ntrainer: b\nseed: 0",
                {"two optimizers", "\"o\"", "label:", "test.yaml:2"}},
        Refusal{"label_of_a_path",
                "search_space: a\noptimizer: {name: o, label: ../x}\ntrainer: b\nseed: 0",
                {"../x", "label", "test.yaml:2"}},
        Refusal{"label_of_a_file",
                "search_space: a\noptimizer: {name: o, label: config.yaml}\ntrainer: b\nseed: 0",
                {"config.yaml", "label"}},
        Refusal{"plugin_path", base + "seed: 0\nplugin_path: {a: b}", {"folder of plugins", "test.yaml:5"}},
        Refusal{"paper_scalar",
                base + "seed: 0\npaper_results: 94",
                {"paper_results", "not a map", "test.yaml:5:16"}},
        Refusal{"paper_key", base + "seed: 0\npaper_results: {figure: {}}", {"figure", "figures"}},
        Refusal{"paper_word",
                base + "seed: 0\npaper_results: {figures: {random_search: {mean: high}}}",
                {"high", "test.yaml:5"}},
        Refusal{"paper_no_mean",
                base + "seed: 0\npaper_results: {figures: {random_search: {std: 1}}}",
                {"mean", "missing"}},
        Refusal{"paper_negative",
                base + "seed: 0\npaper_results: {figures: {random_search: {mean: 1, std: -1}}}",
                {"-1"}}),
    [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace espalier::host
