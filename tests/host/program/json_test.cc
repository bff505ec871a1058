#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "espalier/plugin/plugin_kinds.h"
#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kNothing = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";

/// The commands that docs/command-line.md lists at --json. Those of describe, inspect and query have tests of
/// their own.
class JsonOutput : public ProgramTest {
 protected:
  nlohmann::json parsed(const std::vector<std::string>& arguments, int exit_code = 0) const {
    const ProgramResult result = espalier(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return nlohmann::json::parse(result.out);
  }
};

TEST_F(JsonOutput, OfSampleAndNeighboursIsAListOfArchitectures) {
  const nlohmann::json drawn = parsed({"sample", "nasbench201", "-n", "3", "--seed", "7", "--json"});
  ASSERT_THAT(drawn, SizeIs(3));
  EXPECT_THAT(espalier({"sample", "nasbench201", "--seed", "7"}).out,
              HasSubstr(drawn.at(0).get<std::string>() + "\n"));
  EXPECT_THAT(parsed({"neighbours", "nasbench201", kNothing, "--json"}), SizeIs(24));
}

TEST_F(JsonOutput, OfARunIsItsSummary) {
  write("mine.yaml",
        "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 9}\nseeds: 0..1\n");
  const ProgramResult run = espalier({"run", "mine.yaml", "--quiet", "--json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, text_of(folder_ / "runs/mine/summary.json"));
  EXPECT_EQ(parsed({"resume", "runs/mine", "--quiet", "--json"}).at("optimizers").at(0).at("seeds"), 2);
}

TEST_F(JsonOutput, OfPluginsHasTheirHashesWhereTheyAreAskedFor) {
  EXPECT_FALSE(parsed({"plugins", "--json"}).at(0).contains("sha256"));
  EXPECT_THAT(parsed({"plugins", "--json", "--hashes"}).at(0).at("sha256").get<std::string>(), SizeIs(64));
}

TEST_F(JsonOutput, OfPluginsCheckListsWhatWouldNotLoad) {
  const std::string good = std::string(paths::build) + "/lib/espalier/plugins/trainer_discrete.so";
  const nlohmann::json one = parsed({"plugins", "check", good, "--json"});
  EXPECT_EQ(one.at(0).at("name"), "discrete");
  EXPECT_EQ(one.at(0).at("ok"), true);
  const std::string bad = std::string(paths::fixture_plugins) + "/missing_symbol/plugin.so";
  const nlohmann::json both = parsed({"plugins", "check", good, bad, "--json"}, 1);
  EXPECT_EQ(both.at(1).at("ok"), false);
  EXPECT_THAT(both.at(1).at("problem").get<std::string>(), HasSubstr("nowhere::defined"));
}

}  // namespace
}  // namespace espalier::testing
