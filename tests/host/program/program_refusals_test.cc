#include <gmock/gmock.h>

#include <algorithm>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"
#include "paths.h"
#include "plugins/datasets/gzip_file.h"

namespace espalier::testing {
namespace {

using ::testing::IsEmpty;

constexpr const char* kCell = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";

/// One mistake: what is typed, and what must be said.
struct Refusal {
  std::string name;
  std::vector<std::string> arguments;  ///< FIXTURES/, PLUGINS/ and TABLES/ stand for folders
  int exit_code;
  std::vector<std::string> says;
};

void PrintTo(const Refusal& refusal, std::ostream* stream) { *stream << refusal.name; }

class ProgramRefuses : public ProgramTest, public ::testing::WithParamInterface<Refusal> {
 protected:
  void make_tables() const {
    const fs::path table = fs::path(paths::build) / "share/espalier/data/nasbench201.csv.gz";
    const std::string whole = text_of(table);
    write("truncated.csv.gz", whole.substr(0, whole.size() / 2));
    write("no_gzip.csv.gz", "arch,cifar10_valid\n");
    std::string text = inflated(table);
    const std::size_t figure = text.find("94.3733");
    ASSERT_NE(figure, std::string::npos);
    text.replace(figure, 1, "8");
    write("altered.csv.gz", deflated(text));
  }

  std::vector<std::string> arguments() const {
    std::vector<std::string> result = GetParam().arguments;
    const auto expand = [](std::string& text, const std::string& from, const std::string& to) {
      if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
    };
    for (std::string& argument : result) {
      expand(argument, "FIXTURES/", std::string(paths::fixtures) + "/configs/");
      expand(argument, "PLUGINS/", std::string(paths::fixture_plugins) + "/");
      expand(argument, "TABLES/", folder_.string() + "/");
    }
    return result;
  }
};

TEST_P(ProgramRefuses, WithOneClearError) {
  const auto& typed = GetParam().arguments;
  if (std::any_of(typed.begin(), typed.end(),
                  [](const auto& a) { return a.find("TABLES/") != std::string::npos; })) {
    make_tables();
  }
  const ProgramResult result = espalier(arguments());
  expect_one_error(result, GetParam().exit_code, GetParam().says);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ / "runs/valid/summary.csv"));
}

std::string name_of(const ::testing::TestParamInfo<Refusal>& info) { return info.param.name; }

/// `file` is a path in tests/fixtures/configs, without its extension.
Refusal config(const fs::path& file, const std::vector<std::string>& says, int exit_code = 2) {
  return {file.filename(), {"run", "FIXTURES/" + file.string() + ".yaml", "--quiet"}, exit_code, says};
}

Refusal valid_with(const std::string& name, const std::string& assignment, int exit_code,
                   const std::vector<std::string>& says) {
  return {name, {"run", "FIXTURES/valid.yaml", assignment, "--quiet"}, exit_code, says};
}

INSTANTIATE_TEST_SUITE_P(
    Configs, ProgramRefuses,
    ::testing::Values(
        config("keys/unknown_key",
               {"unknown_key.yaml:3:1", "\"optimiser\"", "expected: ", "nearest:  optimizer"}),
        config("keys/unknown_option",
               {"unknown_option.yaml:5:3", "'populaton_size'", "nearest:  population_size", "remedy: "}),
        config("values/wrong_type",
               {"wrong_type.yaml:5:20", "population_size", "'twenty'", "expected: an integer"}),
        config("values/quoted_number", {"quoted_number.yaml:5:20", "remedy:   remove the quotes"}),
        config("values/out_of_range",
               {"out_of_range.yaml:5:20", "out of range", "expected: an integer from 1 to "}),
        config("values/negative_trials", {"negative_trials.yaml:8:35", "-50", "expected: "}),
        config("values/empty_value", {"empty_value.yaml:5:3", "no value", "remedy: "}),
        config("values/map_as_value", {"map_as_value.yaml:5:20", "a map", "expected: "}),
        config("values/list_as_options", {"list_as_options.yaml:8:10", "a list", "expected: "}),
        config("values/unknown_name",
               {"unknown_name.yaml:4:3", "'regularised_evolution'", "nearest:  regularized_evolution",
                "expected: ", "/lib/espalier/plugins", "remedy: "}),
        config("values/unknown_search_space", {"unknown_search_space.yaml:2:15", "nearest:  nasbench101"}),
        config("values/unknown_dataset", {"unknown_dataset.yaml:7:41", "'cifar11'", "nearest:  cifar10"}),
        config("keys/missing_optimizer", {"missing_optimizer.yaml", "\"optimizer\" is missing", "remedy: "}),
        config("keys/missing_trainer", {"missing_trainer.yaml", "\"trainer\" is missing", "remedy: "}),
        config("keys/missing_search_space",
               {"missing_search_space.yaml", "\"search_space\" is missing", "remedy: "}),
        config("keys/missing_benchmark", {"needs a benchmark", "remedy: "}),
        config("keys/component_without_name", {"component_without_name.yaml:4:3", "name is missing"}),
        config("values/bad_seeds", {"bad_seeds.yaml:9:8", "9..0", "expected: "}),
        config("values/bad_evaluation_seeds", {"bad_evaluation_seeds.yaml:10:30", "1..0", "expected: "}),
        config("values/negative_seed", {"negative_seed.yaml:9:7", "-1", "expected: "}),
        config("keys/no_optimizers", {"no_optimizers.yaml:3:12", "expected: "}),
        config("keys/list_as_config", {"list_as_config.yaml:2:1", "not a map"}),
        config("keys/two_seeds", {"two_seeds.yaml:10:1", "expected: one of them"}),
        config("keys/empty", {"empty.yaml", "not a map", "expected: "}),
        config("keys/scalar_as_config", {"scalar_as_config.yaml:1:1"})),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Yaml, ProgramRefuses,
    ::testing::Values(
        Refusal{"missing_file", {"run", "nowhere.yaml"}, 2, {"nowhere.yaml", "no such file", "remedy: "}},
        Refusal{"folder", {"run", "."}, 2, {"expected: a YAML file"}},
        config("yaml/malformed", {"malformed.yaml:2:19", "malformed YAML", "remedy: "}),
        config("yaml/unclosed_bracket", {"unclosed_bracket.yaml:8:10", "not closed", "remedy: "}),
        config("yaml/unclosed_quote", {"unclosed_quote.yaml", "never closed", "remedy: "}),
        config("yaml/tab_indentation", {"tab_indentation.yaml:4", "remedy:   indent with spaces"}),
        config("yaml/duplicate_key", {"duplicate_key.yaml:7:3", "written twice", "duplicate_key.yaml:5:3"}),
        config("yaml/alias_bomb", {"alias_bomb.yaml:7", "too many values", "remedy: "}),
        config("yaml/recursive_alias", {"recursive_alias.yaml:3:24", "alias", "remedy: "}),
        config("yaml/deep", {"deep.yaml:3", "too deep", "expected: at most"}),
        config("yaml/binary", {"binary.yaml:1", "not text", "remedy: "}),
        config("yaml/several_documents", {"several_documents.yaml:9", "second YAML document"}),
        config("yaml/tag", {"tag.yaml:2:15", "YAML tag", "remedy: "})),
    name_of);

INSTANTIATE_TEST_SUITE_P(Overrides, ProgramRefuses,
                         ::testing::Values(valid_with("no_equals_sign", "optimizer", 2,
                                                      {"command line", "no '='", "expected: key=value"}),
                                           valid_with("unknown_override", "optimiser=x", 2,
                                                      {"command line (optimiser=x)", "nearest:  optimizer"}),
                                           valid_with("malformed_override", "seeds=[1", 2,
                                                      {"command line", "malformed YAML"}),
                                           valid_with("override_out_of_range", "trainer.trials=0", 2,
                                                      {"command line", "out of range"})),
                         name_of);

Refusal plugin(const std::string& name, const std::vector<std::string>& says) {
  return {name,
          {"run", "FIXTURES/valid.yaml", "optimizer=" + name, "--plugin-path", "PLUGINS/" + name, "--quiet"},
          1,
          says};
}

INSTANTIATE_TEST_SUITE_P(
    Plugins, ProgramRefuses,
    ::testing::Values(
        Refusal{"no_plugin_folder",
                {"plugins", "--plugin-path", "/nowhere/at/all"},
                2,
                {"/nowhere/at/all", "--plugin-path"}},
        plugin("duplicate", {"/duplicate/first.so", "/duplicate/second.so", "remedy: "}),
        plugin("missing_symbol", {"/missing_symbol/plugin.so", "nowhere::defined(int)", "remedy: "}),
        plugin("no_descriptor", {"/no_descriptor/plugin.so", "espalier_plugin", "remedy: "}),
        plugin("other_abi", {"/other_abi/plugin.so", "another ABI", "this host", "remedy:   rebuild"}),
        plugin("two_sections", {"/two_sections/plugin.so", "2 plugin sections", "remedy: "}),
        plugin("wrong_kind", {"/wrong_kind/plugin.so", "contradicts itself", "remedy: "}),
        plugin("returns_null", {"/returns_null/plugin.so", "made nothing", "remedy: "}),
        plugin("constructor_throws",
               {"/constructor_throws/plugin.so", "the table is upside down", "remedy: "}),
        plugin("constructor_throws_error",
               {"/constructor_throws_error/plugin.so", "no table", "remedy:   bring one"}),
        plugin("constructor_throws_int",
               {"/constructor_throws_int/plugin.so", "constructor failed", "remedy: "}),
        Refusal{"no_plugin",
                {"plugins", "check", "PLUGINS/no_plugin/library.so"},
                1,
                {"library.so", "not an Espalier plugin"}},
        Refusal{"text_as_plugin",
                {"plugins", "check", "FIXTURES/valid.yaml"},
                1,
                {"valid.yaml", "not a shared library"}},
        Refusal{"missing_plugin_file", {"plugins", "check", "nowhere.so"}, 1, {"nowhere.so", "No such file"}},
        Refusal{"check_missing_symbol",
                {"plugins", "check", "PLUGINS/missing_symbol/plugin.so"},
                1,
                {"nowhere::defined(int)"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(Tables, ProgramRefuses,
                         ::testing::Values(valid_with("truncated_table",
                                                      "benchmark.file=TABLES/truncated.csv.gz", 1,
                                                      {"truncated.csv.gz", "damaged", "remedy: "}),
                                           valid_with("altered_table", "benchmark.file=TABLES/altered.csv.gz",
                                                      1, {"altered.csv.gz", "checksum", "verify"}),
                                           valid_with("no_gzip_table", "benchmark.file=TABLES/no_gzip.csv.gz",
                                                      1, {"no_gzip.csv.gz", "expected: ", "remedy: "}),
                                           valid_with("missing_table", "benchmark.file=TABLES/nowhere.csv.gz",
                                                      1, {"nowhere.csv.gz", "expected: ", "remedy: "})),
                         name_of);

INSTANTIATE_TEST_SUITE_P(
    Architectures, ProgramRefuses,
    ::testing::Values(
        Refusal{"short_string",
                {"inspect", "nasbench201", "|none~0|+|none~0|none~1|"},
                2,
                {"character 25", "expected: \"+|\"", "remedy: "}},
        Refusal{"unknown_operation",
                {"neighbours", "nasbench201", "|nor_conv_3x4~0|+|none~0|none~1|+|none~0|none~1|none~2|"},
                2,
                {"character 2", "\"nor_conv_3x4\"", "nearest:  nor_conv_3x3"}},
        Refusal{"wrong_node",
                {"inspect", "nasbench201", "|none~1|+|none~0|none~1|+|none~0|none~1|none~2|"},
                2,
                {"character 6", "expected: \"~0|\""}},
        Refusal{"foreign_string",
                {"query", "nasbench201", "Genotype(normal=[('sep_conv_3x3', 0)])"},
                2,
                {"Genotype", "remedy: "}},
        Refusal{"no_supernet",
                {"inspect", "nasbench201", "--optimizer", "random_search"},
                2,
                {"\"random_search\" trains no supernet", "expected: a one-shot optimizer"}},
        Refusal{"no_supernet_to_show",
                {"inspect", "transnas101_macro"},
                2,
                {"\"transnas101_macro\" has no supernet to show",
                 "remedy:   espalier inspect transnas101_macro \"$(espalier sample transnas101_macro)\" "
                 "shows one"}},
        Refusal{"another_space",
                {"query", "transnas101", "64-1234-basic", "--space", "transnas101_micro"},
                2,
                {"character 4 of \"64-1234-basic\"", "expected: \"41414\"", "--space transnas101_macro"}},
        Refusal{"too_few_layers",
                {"query", "nasbench_macro", "2221222"},
                2,
                {"character 8", "the text ends", "eight digits"}},
        Refusal{"untrained_network",
                {"inspect", "transnas101_macro", "64-2222-basic"},
                2,
                {"64-2222-basic: 0 of the modules halve the size", "expected: 1 to 4"}},
        Refusal{"empty_string", {"inspect", "nasbench201", ""}, 2, {"character 1", "expected: "}},
        Refusal{"long_string", {"inspect", "nasbench201", std::string(100000, '|')}, 2, {"expected: "}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Pictures, ProgramRefuses,
    ::testing::Values(
        Refusal{"unknown_ending",
                {"draw", "nasbench201", "-o", "cell.svgz"},
                2,
                {"\".svgz\"", "cell.svgz", "one of .svg, .png, .pdf and .dot", "nearest:  .svg"}},
        Refusal{"no_ending", {"draw", "nasbench201", "-o", "cell"}, 2, {"no ending", "one of .svg"}},
        Refusal{"no_picture", {"draw", "nasbench201"}, 2, {"--out is required", "espalier draw --help"}},
        Refusal{"picture_of_an_unknown_space",
                {"draw", "nasbench202", "-o", "cell.svg"},
                2,
                {"'nasbench202'", "nearest:  nasbench201"}},
        Refusal{"picture_of_a_foreign_architecture",
                {"draw", "nasbench201", "Genotype(normal=[])", "-o", "cell.svg"},
                2,
                {"Genotype", "remedy: "}},
        Refusal{"picture_in_no_folder",
                {"draw", "nasbench201", "-o", "nowhere/cell.svg"},
                1,
                {"nowhere/cell.svg", "No such file", "remedy:   make the folder"}},
        Refusal{"picture_below_a_file",
                {"draw", "nasbench201", "-o", "stdout.txt/cell.svg"},
                1,
                {"stdout.txt/cell.svg", "Not a directory", "another place with --out"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    CommandLines, ProgramRefuses,
    ::testing::Values(
        Refusal{"unknown_command",
                {"smaple", "nasbench201"},
                2,
                {"\"smaple\"", "expected: ", "nearest:  sample", "remedy: "}},
        Refusal{
            "unknown_flag", {"sample", "nasbench201", "--sede", "3"}, 2, {"\"--sede\"", "nearest:  --seed"}},
        Refusal{"missing_argument", {"sample"}, 2, {"SPACE is required", "espalier sample --help"}},
        Refusal{
            "extra_argument", {"completion", "bash", "b.so"}, 2, {"\"b.so\"", "espalier completion --help"}},
        Refusal{"negative_count", {"sample", "nasbench201", "-n", "-3"}, 2, {"--count", "-3"}},
        Refusal{"huge_count", {"sample", "nasbench201", "-n", "99999999999999999999"}, 2, {"--count"}},
        Refusal{"no_jobs", {"run", "FIXTURES/valid.yaml", "--jobs", "0"}, 2, {"--jobs", "0"}},
        Refusal{"unknown_log_level",
                {"run", "FIXTURES/valid.yaml", "--log-level", "inf"},
                2,
                {"--log-level", "nearest:  info"}},
        Refusal{"unknown_kind", {"describe", "optimiser", "x"}, 2, {"'optimiser'", "nearest:  optimizer"}},
        Refusal{"unknown_plugin",
                {"describe", "optimizer", "randomsearch"},
                2,
                {"'randomsearch'", "nearest:  random_search"}},
        Refusal{"unknown_space", {"sample", "nasbench202"}, 2, {"'nasbench202'", "nearest:  nasbench201"}},
        Refusal{"unknown_space_option",
                {"sample", "{name: nasbench201, chanels: 3}"},
                2,
                {"SPACE:1:21", "nearest:  channels"}},
        Refusal{
            "malformed_space", {"sample", "{name: ["}, 2, {"argument SPACE:", "malformed YAML", "remedy: "}},
        Refusal{"empty_space", {"sample", ""}, 2, {"SPACE", "expected: "}},
        Refusal{"unknown_query_dataset",
                {"query", "nasbench201", kCell, "--dataset", "cifar11"},
                2,
                {"\"cifar11\"", "nearest:  cifar10"}},
        Refusal{"unknown_query_metric",
                {"query", "nasbench201", kCell, "--metric", "test_acuracy"},
                2,
                {"\"test_acuracy\"", "nearest:  test_accuracy"}},
        Refusal{"unknown_query_epoch",
                {"query", "nasbench201", kCell, "--epoch", "13"},
                2,
                {"13 epochs", "nearest:  12"}},
        Refusal{"unsupported_device",
                {"query", "nasbench201", kCell, "--metric", "edgetpu_latency"},
                1,
                {"edgetpu_latency", "does not support"}},
        Refusal{"unknown_shell", {"completion", "tcsh"}, 2, {"\"tcsh\"", "expected: one of bash"}}),
    name_of);

class RunDirectory : public ProgramRefuses {};

TEST_F(RunDirectory, OfAnotherConfigIsRefusedAndKept) {
  const std::string valid = std::string(paths::fixtures) + "/configs/valid.yaml";
  ASSERT_EQ(espalier({"run", valid, "--out", "mine", "--quiet"}).exit_code, 0);
  const std::string before = text_of(folder_ / "mine/summary.json");
  const ProgramResult result = espalier({"run", valid, "trainer.trials=49", "--out", "mine", "--quiet"});
  expect_one_error(result, 2, {"mine/config.yaml", "trainer.trials", "49", "--out", "--overwrite"});
  EXPECT_EQ(text_of(folder_ / "mine/summary.json"), before);
}

TEST_F(RunDirectory, ThatIsAFileIsRefused) {
  write("taken", "my notes");
  const std::string valid = std::string(paths::fixtures) + "/configs/valid.yaml";
  expect_one_error(espalier({"run", valid, "--out", "taken", "--quiet"}), 1, {"taken", "remedy: "});
  EXPECT_EQ(text_of(folder_ / "taken"), "my notes");
}

/// A limit on file sizes fails like a full disk: in the middle of a write.
TEST_F(RunDirectory, ThatCannotGrowIsReportedAndTheRunCanBeFinished) {
  const std::string valid = std::string(paths::fixtures) + "/configs/valid.yaml";
  const std::string command = "'" + program() + "' run '" + valid + "' trainer.trials=500 --out mine --quiet";
  const ProgramResult full = run({"bash", "-c", "trap '' XFSZ; ulimit -f 1; " + command});
  expect_one_error(full, 1, {"cannot write", "mine/", "remedy: "});
  EXPECT_EQ(run({"bash", "-c", command}).exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "mine/summary.csv"));
}

}  // namespace
}  // namespace espalier::testing
