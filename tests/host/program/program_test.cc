#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "espalier/plugin/plugin_kinds.h"
#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

constexpr const char* kBest =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|";
constexpr const char* kAllConvolutions =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";
constexpr const char* kConfig =
    "search_space: nasbench201\n"
    "optimizer: [random_search, regularized_evolution]\n"
    "benchmark: {name: nasbench201, dataset: cifar10}\n"
    "trainer: {name: discrete, trials: 20}\n"
    "seeds: 0..1\n";

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

using Program = ProgramTest;

TEST_F(Program, PrintsItsHelpAndVersion) {
  const ProgramResult help = espalier({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"run", "resume", "plugins", "describe", "sample", "neighbours", "inspect",
                              "draw", "query", "rank", "evaluate", "trials", "new", "help", "completion"}) {
    EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + command + " "));
    const ProgramResult own = espalier({command, "--help"});
    EXPECT_EQ(own.exit_code, 0);
    EXPECT_THAT(own.out, AllOf(HasSubstr(std::string("Usage: espalier ") + command), HasSubstr("Examples:")));
    EXPECT_THAT(own.err, IsEmpty());
  }
  const ProgramResult version = espalier({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, AllOf(StartsWith("espalier "), HasSubstr("ABI")));
}

TEST_F(Program, ItsHelpSpeaksOfValuesAndNotOfItsParser) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"run"},
                                                  {"resume"},
                                                  {"plugins"},
                                                  {"plugins", "check"},
                                                  {"describe"},
                                                  {"sample"},
                                                  {"neighbours"},
                                                  {"inspect"},
                                                  {"draw"},
                                                  {"query"},
                                                  {"rank"},
                                                  {"evaluate"},
                                                  {"trials"},
                                                  {"new"},
                                                  {"completion"}}) {
    std::vector<std::string> words = command;
    words.emplace_back("--help");
    const std::string help = espalier(words).out;
    for (const char* parsers : {":INT", "INT in", "FLOAT", "UINT", ":DIR", "NONNEGATIVE", "TEXT", "Excludes"})
      EXPECT_THAT(help, Not(HasSubstr(parsers))) << command.back();
  }
  EXPECT_THAT(espalier({"run", "--help"}).out,
              AllOf(HasSubstr("--jobs N "), HasSubstr("1 to 4096"), HasSubstr("--plugin-path DIR ..."),
                    HasSubstr("lists under smoke:")));
}

TEST_F(Program, AloneIsAWrongUseAndShowsTheHelp) {
  const ProgramResult result = espalier({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("Usage: espalier"));
}

TEST_F(Program, ListsThePlugins) {
  const ProgramResult table = espalier({"plugins"});
  EXPECT_EQ(table.exit_code, 0);
  const ProgramResult result = espalier({"plugins", "--json"});
  ASSERT_EQ(result.exit_code, 0);
  std::set<std::string> found;
  for (const json& plugin : json::parse(result.out)) {
    EXPECT_TRUE(plugin.at("ok").get<bool>()) << plugin;
    EXPECT_TRUE(fs::exists(plugin.at("file").get<std::string>()));
    EXPECT_THAT(table.out, HasSubstr(plugin.at("file").get<std::string>()));
    found.insert(plugin.at("kind").get<std::string>() + "/" + plugin.at("name").get<std::string>());
  }
  for (const char* name : {"search_space/nasbench201", "benchmark/nasbench201", "trainer/discrete",
                           "optimizer/random_search", "optimizer/regularized_evolution",
                           "optimizer/local_search", "dataset/cifar10", "dataset/synthetic"}) {
    EXPECT_THAT(found, Contains(name));
  }
}

TEST_F(Program, ListsABrokenPluginWithItsProblem) {
  const ProgramResult result =
      espalier({"plugins", "--plugin-path", std::string(paths::fixture_plugins) + "/other_abi"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("another ABI"));
}

TEST_F(Program, SearchesSeveralPluginFolders) {
  const std::string fixtures = paths::fixture_plugins;
  const ProgramResult result = espalier(
      {"plugins", "--plugin-path", fixtures + "/good", "--plugin-path", fixtures + "/no_descriptor"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("/good/"), HasSubstr("/no_descriptor/")));
}

TEST_F(Program, ChecksAPlugin) {
  const ProgramResult result =
      espalier({"plugins", "check", std::string(paths::build) + "/lib/espalier/plugins/trainer_discrete.so"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("would load"), HasSubstr("trainer"), HasSubstr("discrete"), HasSubstr("sdk")));
}

TEST_F(Program, DescribesTheOptionsOfAnOptimizer) {
  const ProgramResult result = espalier({"describe", "optimizer", "regularized_evolution"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("population_size"), HasSubstr("100"), HasSubstr("sample_size")));

  const json described =
      json::parse(espalier({"describe", "optimizer", "regularized_evolution", "--json"}).out);
  EXPECT_EQ(described.at("options").at(0).at("name"), "population_size");
  EXPECT_EQ(described.at("options").at(0).at("default"), "100");
  EXPECT_EQ(described.at("options").at(0).at("type"), "integer");
}

TEST_F(Program, DescribesASpace) {
  const ProgramResult result = espalier({"describe", "space", "nasbench201"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("15,625"), HasSubstr("cell.edge_1_2"), HasSubstr("stage_1")));

  const json space =
      json::parse(espalier({"describe", "search_space", "nasbench201", "--json"}).out).at("space");
  EXPECT_EQ(space.at("size"), 15625);
  EXPECT_THAT(space.at("choices"), SizeIs(6));
  EXPECT_EQ(space.at("choices").at(0).at("candidates").at(3), "nor_conv_3x3");
}

TEST_F(Program, DescribesABenchmark) {
  const json benchmark =
      json::parse(espalier({"describe", "benchmark", "nasbench201", "--json"}).out).at("benchmark");
  EXPECT_THAT(benchmark.at("datasets"), ElementsAre("cifar10", "cifar100", "imagenet16_120"));
  EXPECT_EQ(benchmark.at("metrics").at(0).at("epochs"), json({12, 200}));
}

TEST_F(Program, DescribesADatasetWithoutItsFiles) {
  const ProgramResult result = espalier({"describe", "dataset", "cifar10"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("folder"), HasSubstr("3×32×32"), HasSubstr("0.4914, 0.4822, 0.4465")));

  const json dataset =
      json::parse(espalier({"describe", "dataset", "{name: synthetic, classes: 4}", "--json"}).out)
          .at("dataset");
  EXPECT_EQ(dataset.at("shape"), json({3, 32, 32}));
  EXPECT_EQ(dataset.at("classes"), 4);
  EXPECT_EQ(dataset.at("mean"), json({0.5, 0.5, 0.5}));

  const ProgramResult folder = espalier({"describe", "dataset", "image_folder"});
  EXPECT_EQ(folder.exit_code, 0) << folder.err;
  EXPECT_THAT(folder.out, HasSubstr("as many as its files tell"));
  EXPECT_EQ(json::parse(espalier({"describe", "dataset", "image_folder", "--json"}).out)
                .at("dataset")
                .at("classes"),
            json());
}

TEST_F(Program, SamplesTheSameForTheSameSeed) {
  const ProgramResult first = espalier({"sample", "nasbench201", "-n", "50", "--seed", "3"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(lines(first.out), SizeIs(50));
  EXPECT_EQ(espalier({"sample", "nasbench201", "-n", "50", "--seed", "3"}).out, first.out);
  EXPECT_NE(espalier({"sample", "nasbench201", "-n", "50", "--seed", "4"}).out, first.out);
  EXPECT_THAT(first.out, StartsWith(espalier({"sample", "nasbench201", "--seed", "3"}).out));
}

TEST_F(Program, ListsAllNeighbours) {
  const ProgramResult result = espalier({"neighbours", "nasbench201", kBest});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> found = lines(result.out);
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), 24U);
  EXPECT_THAT(found, Contains(kAllConvolutions));
  EXPECT_THAT(found, Not(Contains(kBest)));
}

TEST_F(Program, InspectsAnArchitecture) {
  const ProgramResult result = espalier({"inspect", "nasbench201", kAllConvolutions});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("cell [stage_1]  ×5"), HasSubstr("1,531,546"), HasSubstr("stage_3.cell_5"),
                    HasSubstr("220,119,690"), HasSubstr("PARAMETERS: learnable values"),
                    HasSubstr("FLOPS: operations for one image"), HasSubstr("MULTIPLY-ADDS: ")));
  EXPECT_THAT(result.out, Not(HasSubstr("edge_1_2.nor_conv_3x3.conv")));
  EXPECT_THAT(espalier({"inspect", "nasbench201", kAllConvolutions, "--layers"}).out,
              HasSubstr("stage_1.cell_1.edge_1_2.nor_conv_3x3.conv"));

  const json network = json::parse(espalier({"inspect", "nasbench201", kAllConvolutions, "--json"}).out);
  EXPECT_EQ(network.at("parameters"), 1531546);
  EXPECT_EQ(network.at("architecture"), kAllConvolutions);
  EXPECT_EQ(network.at("output"), json({10, 1, 1}));
  EXPECT_EQ(network.at("graph").at("edges").at(0).at("operation").at("primitive"), "stem");
  EXPECT_GT(network.at("activation_bytes"), 4 * 16 * 32 * 32);
  EXPECT_EQ(network.at("multiply_adds"), 220119690);
  EXPECT_THAT(network.at("units").at("multiply_adds").get<std::string>(), HasSubstr("for one image"));
  std::int64_t sum = 0;
  std::int64_t products = 0;
  for (const json& layer : network.at("layers")) {
    sum += layer.at("parameters").get<std::int64_t>();
    products += layer.at("multiply_adds").get<std::int64_t>();
  }
  EXPECT_EQ(sum, 1531546);
  EXPECT_EQ(products, 220119690);
}

TEST_F(Program, InspectsTheSupernetOfASpaceWithOptions) {
  const json narrow =
      json::parse(espalier({"inspect", "{name: nasbench201, cells_per_stage: 1}", "--json"}).out);
  EXPECT_TRUE(narrow.at("architecture").is_null());
  EXPECT_THAT(narrow.dump(), HasSubstr("candidates"));
  const json standard = json::parse(espalier({"inspect", "nasbench201", "--json"}).out);
  EXPECT_LT(narrow.at("parameters").get<std::int64_t>(), standard.at("parameters").get<std::int64_t>());
}

TEST_F(Program, QueriesABenchmark) {
  EXPECT_EQ(espalier({"query", "nasbench201", kBest, "--metric", "parameters"}).exit_code, 0);
  EXPECT_GT(std::stod(espalier({"query", "nasbench201", kBest, "--metric", "activation_bytes"}).out), 0.0)
      << "the space counts it";
  const ProgramResult all = espalier({"query", "nasbench201", kBest});
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.out,
              AllOf(HasSubstr("validation_accuracy"), HasSubstr("edgegpu_latency"), HasSubstr("cifar10")));

  const ProgramResult other = espalier({"query", "nasbench201", kBest, "--dataset", "cifar100"});
  EXPECT_THAT(other.out, AllOf(HasSubstr("test_accuracy"), Not(HasSubstr("edgegpu_latency"))));

  const json looked_up =
      json::parse(espalier({"query", "nasbench201", kBest, "--epoch", "12", "--json"}).out);
  EXPECT_EQ(looked_up.at("dataset"), "cifar10");
  EXPECT_EQ(looked_up.at("epoch"), 12);
  const ProgramResult single =
      espalier({"query", "nasbench201", kBest, "--epoch", "12", "--metric", "test_accuracy"});
  EXPECT_EQ(std::stod(single.out), looked_up.at("metrics").at("test_accuracy").get<double>());
}

TEST_F(Program, QueriesByTheNumberOfTheTableAndByOperations) {
  const ProgramResult by_string = espalier({"query", "nasbench201", kBest});
  EXPECT_THAT(by_string.out, HasSubstr("nasbench201, cifar10, #"));
  const std::size_t begin = by_string.out.find('#') + 1;
  const std::string number = by_string.out.substr(begin, by_string.out.find('\n') - begin);
  for (const std::string& text : {number, "#" + number, " #" + number + "\r\n", std::string(kBest) + "\r\n"})
    EXPECT_EQ(espalier({"query", "nasbench201", text}).out, by_string.out) << text;
  const json first = json::parse(
      espalier({"query", "nasbench201",
                "(avg_pool_3x3, nor_conv_1x1, skip_connect, nor_conv_1x1, skip_connect, skip_connect)",
                "--json"})
          .out);
  EXPECT_EQ(first.at("number"), 0);
  EXPECT_THAT(first.at("remarks"), IsEmpty());
  const ProgramResult beyond = espalier({"query", "nasbench201", "15625"});
  EXPECT_EQ(beyond.exit_code, 2);
  EXPECT_THAT(beyond.err, HasSubstr("expected: 0 to 15624"));
  const ProgramResult elsewhere = espalier({"draw", "nasbench201", "#15", "-o", "cell.svg"});
  EXPECT_EQ(elsewhere.exit_code, 2);
  EXPECT_THAT(elsewhere.err, HasSubstr("espalier query nasbench201 15"));
}

TEST_F(Program, AQuerySaysWhenTheTableIsOfOtherNetworks) {
  const ProgramResult other = espalier({"query", "nasbench201", kBest, "--space",
                                        "{name: nasbench201, classes: 17}", "--metric", "test_accuracy"});
  EXPECT_EQ(other.exit_code, 0);
  EXPECT_THAT(other.err, HasSubstr("17 classes instead of 10"));
  EXPECT_EQ(other.out, espalier({"query", "nasbench201", kBest, "--metric", "test_accuracy"}).out);
}

TEST_F(Program, QueriesTheSpaceOfTheBenchmarkThatReadsTheArchitecture) {
  const auto value = [&](const std::string& architecture) {
    return espalier({"query", "transnas101", architecture, "--metric", "class_scene_accuracy"}).out;
  };
  EXPECT_EQ(value("64-41414-3_32_132"), "54.9363\n");
  EXPECT_EQ(value("64-224131-basic"), "57.4144\n");
}

TEST_F(Program, QueriesABenchmarkOfAnySpaceInTheSpaceThatIsNamed) {
  const std::string fixtures = paths::fixture_plugins;
  std::string architecture = espalier({"sample", "good", "--plugin-path", fixtures + "/good"}).out;
  architecture.pop_back();  // the end of the line
  const auto query = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {
        "query",         "{name: prepared, steps: 2}", architecture, "--plugin-path", fixtures + "/good",
        "--plugin-path", fixtures + "/measures"};
    command.insert(command.end(), more.begin(), more.end());
    return espalier(command);
  };
  const ProgramResult named = query({"--space", "good", "--metric", "validation_accuracy"});
  EXPECT_EQ(named.exit_code, 0) << named.err;
  const ProgramResult nameless = query({});
  EXPECT_EQ(nameless.exit_code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("--space"));
}

TEST_F(Program, ResumesARunByItsDirectoryAlone) {
  write("config.yaml",
        "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 20}\nseeds: 0..1\n");
  const ProgramResult first =
      espalier({"run", "config.yaml", "trainer.trials=10", "--out", "mine", "--quiet"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(espalier({"resume", "mine", "--quiet"}).out, first.out);
  const ProgramResult grown = espalier({"resume", "mine", "seeds=0..2", "trainer.trials=20", "--quiet"});
  EXPECT_EQ(grown.exit_code, 0) << grown.err;
  EXPECT_EQ(espalier({"run", "config.yaml", "seeds=0..2", "--out", "other", "--quiet"}).exit_code, 0);
  EXPECT_EQ(text_of(folder_ / "mine/summary.json"), text_of(folder_ / "other/summary.json"));
  const ProgramResult nothing = espalier({"resume", "elsewhere"});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.err, HasSubstr("no such directory"));
}

TEST_F(Program, RunsAConfig) {
  write("mine.yaml", kConfig);
  const ProgramResult result = espalier({"run", "mine.yaml", "trainer.trials=30", "--jobs", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("random_search"), HasSubstr("run directory: runs/mine")));
  const json seed = json::parse(text_of(folder_ / "runs/mine/random_search/seed_1/result.json"));
  EXPECT_EQ(seed.at("trials"), 30);

  const ProgramResult again = espalier({"run", "mine.yaml", "trainer.trials=30", "--quiet"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, result.out);
  EXPECT_THAT(again.err, IsEmpty());
}

TEST_F(Program, SaysWhatWasFoundAndWhatComesNext) {
  write("mine.yaml", kConfig);
  const ProgramResult result = espalier({"run", "mine.yaml", "trainer.trials=300", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json summary = json::parse(text_of(folder_ / "runs/mine/summary.json"));
  const json& found = summary.at("optimizers").at(1).at("found");
  const std::string architecture = found.at("architecture");
  EXPECT_EQ(found.at("parameters"),
            json::parse(espalier({"inspect", "nasbench201", architecture, "--json"}).out).at("parameters"));
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("regularized_evolution found, with seed " + found.at("seed").dump() +
                      ", the best by validation accuracy:\n  " + architecture + "\n"),
            HasSubstr("\nnext:\n  espalier draw nasbench201 '"),
            HasSubstr("  espalier resume runs/mine seeds=0..4\n"), Not(HasSubstr("espalier evaluate"))));
  // A resumed run has all options written out.
  EXPECT_THAT(espalier({"resume", "runs/mine", "--quiet"}).out,
              HasSubstr("\n  espalier query nasbench201 '"));
  // What it says can be run as it stands.
  for (const std::string& line : lines(result.out.substr(result.out.find("\nnext:") + 7))) {
    const std::string command = line.substr(line.find("espalier ") + 9);
    const ProgramResult next = run({"bash", "-c", "'" + program() + "' " + command});
    EXPECT_EQ(next.exit_code, 0) << line << next.err;
  }
  EXPECT_THAT(text_of(folder_ / "runs/mine/found.svg"), HasSubstr("<svg"));
}

TEST_F(Program, NextCommandsNameTheOptionsOfTheirSpace) {
  write("mine.yaml", kConfig);
  const ProgramResult result =
      espalier({"run", "mine.yaml", "search_space={name: nasbench201, classes: 10, cells_per_stage: 1}",
                "seeds=[3, 9]", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("espalier draw '{name: nasbench201, cells_per_stage: 1}' '"),
                                Not(HasSubstr("seeds="))));
}

TEST_F(Program, NextCommandsNameTheFoldersOfPlugins) {
  const std::string good = std::string(paths::fixture_plugins) + "/good";
  write("mine.yaml", "search_space: good\noptimizer: good\nbenchmark: good\ntrainer: good\nseed: 0\n");
  const ProgramResult result = espalier({"run", "mine.yaml", "--plugin-path", good, "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("found.svg --plugin-path " + good + "\n"),
                                ContainsRegex("espalier query good .* --plugin-path " + good + "\n"),
                                HasSubstr("espalier resume runs/mine seeds=0..4\n")));
}

TEST_F(Program, LogsMoreWhenAskedTo) {
  write("mine.yaml", kConfig);
  const auto log_of = [&](const std::string& level) {
    return espalier({"run", "mine.yaml", "trainer.trials=3", "--overwrite", "--log-level", level}).err;
  };
  EXPECT_THAT(log_of("info"), IsEmpty());
  const std::string debug = log_of("debug");
  EXPECT_THAT(
      debug, AllOf(HasSubstr("loaded the search space 'nasbench201' 1.0.0 from /"),
                   HasSubstr("4 searches to do"), HasSubstr("the search of random_search with seed 1 begins"),
                   HasSubstr("the search of random_search with seed 1 ended after ")));
  EXPECT_THAT(debug, Not(HasSubstr("\"trial\":")));
  EXPECT_THAT(log_of("trace"),
              AllOf(HasSubstr("ended after "),
                    HasSubstr("trace search of regularized_evolution with seed 0: {\"architecture\":")));
}

TEST_F(Program, OverwritesAnotherRunWhenTold) {
  write("mine.yaml", kConfig);
  EXPECT_EQ(espalier({"run", "mine.yaml", "--out", "here"}).exit_code, 0);
  EXPECT_EQ(espalier({"run", "mine.yaml", "seeds=5", "--out", "here"}).exit_code, 2);
  EXPECT_TRUE(fs::exists(folder_ / "here/random_search/seed_1/result.json"));
  EXPECT_EQ(espalier({"run", "mine.yaml", "seeds=5", "--out", "here", "--overwrite"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "here/random_search/seed_5/result.json"));
}

TEST_F(Program, FindsPluginsBesideTheConfig) {
  fs::create_directory(folder_ / "sub");
  fs::create_directory_symlink(std::string(paths::fixture_plugins) + "/other_abi", folder_ / "sub/plugins");
  write("sub/mine.yaml", std::string(kConfig) + "plugin_path: plugins\n");
  const ProgramResult result = espalier({"run", "sub/mine.yaml", "optimizer=other_abi"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("ABI"));
}

TEST_F(Program, StopsAtCtrlC) {
  write("long.yaml", kConfig);
  const fs::path events = folder_ / "runs/long/random_search";
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::chdir(folder_.c_str());
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ::dup2(::open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
    ::execl(program().c_str(), "espalier", "run", "long.yaml", "trainer.trials=100000000", "--quiet",
            nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (!fs::exists(events) && ::waitpid(child, &status, WNOHANG) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_TRUE(fs::exists(events)) << text_of(folder_ / "stderr.txt");
  ::kill(child, SIGINT);
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_THAT(text_of(folder_ / "stderr.txt"), StartsWith("espalier: "));
}

TEST_F(Program, EndsQuietlyWhenNobodyReads) {
  const ProgramResult result =
      run({"bash", "-c", "set -o pipefail; '" + program() + "' sample nasbench201 -n 50000 | head -1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(lines(result.out), SizeIs(1));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(Program, SaysThatItsOutputIsLost) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"plugins"}, {"--help"}, {"sample", "nasbench201", "-n", "20000"}}) {
    const ProgramResult full = espalier(arguments, {}, "/dev/full");
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  }
  const ProgramResult closed = run({"bash", "-c", "'" + program() + "' plugins >&-"});
  EXPECT_EQ(closed.exit_code, 1);
  EXPECT_THAT(closed.err, HasSubstr("standard output"));
}

/// What bash offers for a command line that ends at the cursor.
class Completion : public ProgramTest {
 protected:
  std::vector<std::string> complete(const std::string& words) const {
    const std::string script = "source <('" + program() + "' completion bash); COMP_WORDS=('" + program() +
                               "' " + words +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _espalier; "
                               "printf '%s\\n' \"${COMPREPLY[@]}\"";
    const ProgramResult result = run({"bash", "-c", script});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.err, IsEmpty());
    std::vector<std::string> found = lines(result.out);
    if (found == std::vector<std::string>{""}) found.clear();
    return found;
  }
};

TEST_F(Completion, OffersCommandsAndOptions) {
  EXPECT_THAT(complete("''"),
              UnorderedElementsAre("run", "resume", "plugins", "describe", "sample", "neighbours", "inspect",
                                   "draw", "query", "rank", "evaluate", "trials", "report", "export",
                                   "predict", "new", "help", "completion"));
  EXPECT_THAT(complete("de"), ElementsAre("describe"));
  EXPECT_THAT(complete("run x.yaml --o"), UnorderedElementsAre("--out", "--overwrite"));
  EXPECT_THAT(complete("plugins ''"), ElementsAre("check"));
  EXPECT_THAT(complete("plugins check --"), AllOf(Contains("--plugin-path"), Not(Contains("--hashes"))));
  EXPECT_THAT(complete("run x.yaml --log-level w"), ElementsAre("warn"));
}

TEST_F(Completion, OffersEveryOptionOfEveryCommand) {
  for (const char* command : {"run", "resume", "plugins", "describe", "sample", "neighbours", "inspect",
                              "draw", "query", "rank", "trials"}) {
    EXPECT_THAT(complete(std::string(command) + " --"), AllOf(Contains("--help"), Contains("--plugin-path")));
  }
}

TEST_F(Completion, OffersKindsNamesAndWhatABenchmarkKnows) {
  EXPECT_THAT(complete("describe ''"), UnorderedElementsAreArray(plugin_kinds()));
  EXPECT_THAT(complete("describe optimizer r"),
              UnorderedElementsAre("random_search", "regularized_evolution"));
  EXPECT_THAT(complete("describe space nas"), ElementsAre("nasbench101", "nasbench201", "nasbench_macro"));
  EXPECT_THAT(complete("describe dataset cifar"), UnorderedElementsAre("cifar10", "cifar100"));
  EXPECT_THAT(complete("sample nas"), ElementsAre("nasbench101", "nasbench201", "nasbench_macro"));
  EXPECT_THAT(complete("new o"), ElementsAre("optimizer", "one_shot_optimizer"));
  EXPECT_THAT(complete("new optimizer ''"), IsEmpty());
  EXPECT_THAT(complete("draw nas"), ElementsAre("nasbench101", "nasbench201", "nasbench_macro"));
  EXPECT_THAT(complete("query nasbench201 x --dataset cifar"), UnorderedElementsAre("cifar10", "cifar100"));
  EXPECT_THAT(complete("query nasbench201 x --metric test"), ElementsAre("test_accuracy"));
  EXPECT_THAT(complete("query nasbench201 x --space nasbench2"), ElementsAre("nasbench201"));
  EXPECT_THAT(complete("rank nasbench201 nasbench2"), ElementsAre("nasbench201"));
  EXPECT_THAT(complete("rank nasbench201 supernet --dataset fashion"), ElementsAre("fashion_mnist"));
  EXPECT_THAT(complete("rank para"), ElementsAre("parameters"));
  EXPECT_THAT(complete("rank nasbench201:test"), ElementsAre("nasbench201:test_accuracy"));
  EXPECT_THAT(complete("rank nasbench201 nasbench201 ''"), IsEmpty());
}

TEST_F(Completion, OffersKeysOfTheConfigAndOptionsOfItsPlugins) {
  write("mine.yaml", kConfig);
  EXPECT_THAT(complete("run mine.yaml tr"), UnorderedElementsAre("trainer=", "trainer."));
  EXPECT_THAT(complete("run mine.yaml trainer.t"), ElementsAre("trainer.trials="));
  EXPECT_THAT(complete("run mine.yaml optimizer."),
              UnorderedElementsAre("optimizer.0=", "optimizer.0.", "optimizer.1=", "optimizer.1."));
  EXPECT_THAT(complete("run mine.yaml optimizer.1.p"), ElementsAre("optimizer.1.population_size="));
  EXPECT_THAT(complete("run nowhere.yaml trainer.t"), IsEmpty());
}

TEST_F(Completion, OffersNamesAndChoicesBehindAnEqualsSign) {
  write("mine.yaml", kConfig);
  // bash takes the assignment apart, and keeps what stands before the word that it completes.
  EXPECT_THAT(complete("run mine.yaml optimizer = reg"), ElementsAre("regularized_evolution"));
  EXPECT_THAT(complete("run mine.yaml benchmark.dataset = cifar"),
              UnorderedElementsAre("cifar10", "cifar100"));
  EXPECT_THAT(complete("run mine.yaml benchmark.verify ="), UnorderedElementsAre("true", "false"));
  EXPECT_THAT(complete("run mine.yaml optimizer = bananas optimizer.k"), IsEmpty());
  EXPECT_THAT(complete("run mine.yaml optimizer = bananas optimizer.pred"), Contains("optimizer.predictor="));
  EXPECT_THAT(complete("run mine.yaml trainer.trials = "), IsEmpty());
}

TEST_F(Completion, FindsThePluginsOfTheConfig) {
  write("mine.yaml", std::string(kConfig) + "plugin_path: " + paths::fixture_plugins + "/good\n");
  EXPECT_THAT(complete("run mine.yaml trainer.name=go"), ElementsAre("good"));
}

TEST_F(Completion, OffersKeysOfARun) {
  write("mine.yaml", kConfig);
  ASSERT_EQ(espalier({"run", "mine.yaml", "--quiet"}).exit_code, 0);
  EXPECT_THAT(complete("resume runs/mine see"), UnorderedElementsAre("seeds=", "seed="));
  EXPECT_THAT(complete("resume runs/mine trainer.t"), ElementsAre("trainer.trials="));
}

TEST_F(Completion, OffersCommandsToExplain) {
  EXPECT_THAT(complete("help sa"), ElementsAre("sample"));
  EXPECT_THAT(complete("help plugins ''"), ElementsAre("check"));
}

TEST_F(Completion, OffersNothingWhereAFileStands) {
  EXPECT_THAT(complete("run ''"), IsEmpty());
  EXPECT_THAT(complete("run x.yaml --out ''"), IsEmpty());
  EXPECT_THAT(complete("query no_such_benchmark x --dataset ''"), IsEmpty());
}

TEST_F(Completion, PrintsAScriptForEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const ProgramResult result = espalier({"completion", shell});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.out,
              text_of(fs::path(paths::source) / "host/completion" / ("espalier." + std::string(shell))));
  }
}

}  // namespace
}  // namespace espalier::testing
