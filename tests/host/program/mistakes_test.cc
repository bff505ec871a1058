#include <gmock/gmock.h>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

/// What newcomers type, and what they are told: what is wrong, where, and what to write.
struct Slip {
  std::string name;
  std::string text;  ///< of run.yaml
  std::vector<std::string> says;
  std::vector<std::string> overrides = {};
};

void PrintTo(const Slip& slip, std::ostream* stream) { *stream << slip.name; }

class ConfigSlip : public ProgramTest, public ::testing::WithParamInterface<Slip> {};

TEST_P(ConfigSlip, IsToldWithItsRemedy) {
  write("run.yaml", GetParam().text);
  std::vector<std::string> command = {"run", "run.yaml", "--quiet"};
  command.insert(command.end(), GetParam().overrides.begin(), GetParam().overrides.end());
  expect_one_error(espalier(command), 2, GetParam().says);
}

const std::string kSpace = "search_space: nasbench201\n";
const std::string kOptimizer = "optimizer: random_search\n";
const std::string kRest = "benchmark: nasbench201\ntrainer: {name: discrete, trials: 5}\nseed: 0\n";

INSTANTIATE_TEST_SUITE_P(
    Files, ConfigSlip,
    ::testing::Values(
        Slip{"AnOptionOutsideItsSection",
             kSpace + kOptimizer + kRest + "trials: 50\n",
             {"run.yaml:6:1", "unknown key \"trials\"", "trainer: {name: discrete, trials: 50}"}},
        Slip{"AnOptionBelowAName",
             kSpace + kOptimizer + "  population_size: 20\n" + kRest,
             {"run.yaml:3:", "keys below 'optimizer', which has a value already",
              "write optimizer: {name: random_search, population_size: 20}"}},
        Slip{"AnOptionBelowANameWithAComment",
             kSpace + "optimizer: random_search  # the simplest\n  population_size: 20  # small\n" + kRest,
             {"run.yaml:3:", "write optimizer: {name: random_search, population_size: 20}"}},
        Slip{"ATab",
             kSpace + "optimizer:\n\tname: random_search\n" + kRest,
             {"run.yaml:3:", "a tab in the indentation", "indent with spaces"}},
        Slip{"NoSpaceAfterAColon",
             "search_space:nasbench201\n" + kOptimizer + kRest,
             {"run.yaml:1:1:", "no space after the ':'", "write search_space: nasbench201"}},
        Slip{"NoSpaceAfterTheLastColon",
             kSpace + kOptimizer + "benchmark: nasbench201\ntrainer: {name: discrete, trials: 5}\nseeds:0\n",
             {"run.yaml:5:1:", "no space after the ':'", "write seeds: 0"}},
        Slip{"NoSpaceWithinBraces",
             kSpace + "optimizer: {name:regularized_evolution}\n" + kRest,
             {"run.yaml:2:13:", "no space after the ':'", "write name: regularized_evolution"}},
        Slip{"AKeyBelowAName",
             kSpace + "optimizer:\n  name: regularized_evolution\n   population_size: 20\n" + kRest,
             {"run.yaml:4:4:", "indent the line like 'name'", "population_size: 20"}},
        Slip{"AQuoteThatIsNotClosed",
             "search_space: \"nasbench201\n" + kOptimizer + kRest,
             {"run.yaml:1:15:", "the quote that opens here is never closed"}},
        Slip{"AQuoteThatALaterOneCloses",
             kSpace + "optimizer: \"random_search\nbenchmark: \"nasbench201\"\nseed: 0\n",
             {"run.yaml:2:12:", "the quote that opens here is not closed on its line"}},
        Slip{"ABracketThatIsNotClosed",
             kSpace + "optimizer: {name: random_search\n" + kRest,
             {"run.yaml:2:12:", "the '{' that opens here is not closed"}},
        Slip{"AFolderAsDataset",
             kSpace + kOptimizer + kRest + "dataset: ~/flowers\n",
             {"run.yaml:6:10:", "write dataset: {name: image_folder, folder: ~/flowers}"}},
        Slip{"AnAbbreviatedMetric",
             kSpace + kOptimizer + kRest + "objectives: [val_acc]\n",
             {"run.yaml:6:14:", "nearest:  validation_accuracy"}},
        Slip{"AColonWithoutQuotes",
             kSpace + kOptimizer + kRest +
                 "paper_results: {source: NASLib: Table 1, figures: {random_search: {mean: 94}}}\n",
             {"run.yaml:6:31", "a ':' inside a value", "in quotes"}},
        Slip{"NoSpaceAfterADash",
             kSpace + "optimizer:\n  -random_search\n  -local_search\n" + kRest,
             {"run.yaml:3:3", "is not the name of a plugin", "a space after each '-'"}},
        Slip{"AListWhereOneIsExpected",
             "search_space: [nasbench201, darts]\n" + kOptimizer + kRest,
             {"run.yaml:1:15", "a list where one plugin belongs", "only optimizer: and benchmark:"}},
        Slip{"AMisspeltName",
             kSpace + "optimizer: randm_search\n" + kRest,
             {"run.yaml:2:12", "nearest:  random_search", "remedy:   correct the name"}},
        Slip{"AnOptionOfAnotherPlugin",
             kSpace + "optimizer: {name: random_search, population_size: 9}\n" + kRest,
             {"run.yaml:2:34", "unknown option 'population_size'",
              "`espalier describe optimizer random_search`"}},
        Slip{"ABenchmarkOfAnotherSpace",
             "search_space: hierarchical\n" + kOptimizer + kRest,
             {"run.yaml:3:12", "does not know the search space", "expected: the search space nasbench201",
              "remedy: "}},
        Slip{"ARangeOfSeedsWithADash",
             kSpace + kOptimizer + "benchmark: nasbench201\ntrainer: discrete\nseeds: 0-4\n",
             {"run.yaml:5:8", "\"0-4\" is not a seed", "write 0..4"}}),
    [](const auto& parameter) { return parameter.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Overrides, ConfigSlip,
    ::testing::Values(Slip{"AnIndexWithoutAList",
                           kSpace + kOptimizer + kRest,
                           {"optimizer is a single plugin, not a list", "leave out the 0"},
                           {"optimizer.0.label=mine"}},
                      Slip{"SpacesAroundTheEqualsSign",
                           kSpace + kOptimizer + kRest,
                           {"command line (optimizer =)", "spaces around the '='", "write optimizer=darts"},
                           {"optimizer", "=", "darts"}},
                      Slip{"ASpaceBehindTheEqualsSign",
                           kSpace + kOptimizer + kRest,
                           {"command line (optimizer= darts)", "write optimizer=darts"},
                           {"optimizer=", "darts"}},
                      Slip{"ASpaceBeforeTheEqualsSign",
                           kSpace + kOptimizer + kRest,
                           {"command line (optimizer =darts)", "write optimizer=darts"},
                           {"optimizer", "=darts"}},
                      Slip{"AColonForAnEqualsSign",
                           kSpace + kOptimizer + kRest,
                           {"a ':' where a '=' belongs", "write seed=3"},
                           {"seed:", "3"}},
                      Slip{"NoEqualsSign",
                           kSpace + kOptimizer + kRest,
                           {"command line (seed 3): no '='", "write seed=3"},
                           {"seed", "3"}},
                      Slip{"AFolderOfImages",
                           kSpace + kOptimizer + kRest,
                           {"write dataset='{name: image_folder, folder: ~/flowers}'"},
                           {"dataset=~/flowers"}},
                      Slip{"TwoConfigs",
                           kSpace + kOptimizer + kRest,
                           {"one config is run at a time", "espalier run run.yaml"},
                           {"run.yaml"}},
                      Slip{"AnOptionOfAPluginWithDashes",
                           kSpace + kOptimizer + kRest,
                           {"without dashes: SECTION.trials=50, where SECTION is trainer"},
                           {"--trials", "50"}},
                      Slip{"AnOverrideWithDashes",
                           kSpace + kOptimizer + kRest,
                           {"no option \"--seed\"", "without dashes: seed=3"},
                           {"--seed", "3"}},
                      Slip{"NothingToEvaluate",
                           kSpace + kOptimizer + kRest,
                           {"nothing to remove", "'evaluate'"},
                           {"evaluate=null"}}),
    [](const auto& parameter) { return parameter.param.name; });

using CommandSlip = ProgramTest;

TEST_F(CommandSlip, AConfigWithoutACommand) {
  expect_one_error(espalier({"mine.yaml"}), 2, {"\"mine.yaml\"", "espalier run mine.yaml"});
}

TEST_F(CommandSlip, AMissingArgumentShowsTheUsage) {
  expect_one_error(espalier({"run"}), 2, {"CONFIG is required", "espalier run CONFIG [key.path=value]"});
  expect_one_error(espalier({"draw", "nasbench201"}), 2, {"espalier draw SPACE [ARCHITECTURE] --out VALUE"});
  expect_one_error(espalier({"run"}), 2, {"for example: espalier run configs/quickstart.yaml"});
}

TEST_F(CommandSlip, AnUnknownCommandBeforeAConfig) {
  expect_one_error(espalier({"train", "mine.yaml"}), 2,
                   {"\"train\"", "to run a config: espalier run mine.yaml"});
}

TEST_F(CommandSlip, AConfigOfTheFolderConfigs) {
  fs::create_directory(folder_ / "configs");
  write("configs/quickstart.yaml", "seed: 0\n");
  expect_one_error(espalier({"run", "quikstart.yaml"}), 2, {"nearest:  configs/quickstart.yaml"});
  expect_one_error(espalier({"run", "configs"}), 2,
                   {"name one of its files, such as configs/quickstart.yaml"});
}

TEST_F(CommandSlip, AnOptionOfOtherPrograms) {
  for (const char* option : {"--verbose", "-v"})
    expect_one_error(espalier({"run", "mine.yaml", option}), 2, {"write --log-level debug"});
  expect_one_error(espalier({"run", "mine.yaml", "--output", "here"}), 2, {"nearest:  --out"});
  expect_one_error(espalier({"run", "-c", "mine.yaml"}), 2, {"write the config without an option"});
  expect_one_error(espalier({"run", "--config", "mine.yaml"}), 2, {"write the config without an option"});
}

}  // namespace
}  // namespace espalier::testing
