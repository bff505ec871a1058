#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "espalier/host/host.h"
#include "espalier/space/network_hash.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SameNetworks : public RunTest {
 protected:
  Summary searched(const std::string& rest) {
    return run_quietly("search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n" + rest,
                       root_ / "run");
  }
};

TEST_F(SameNetworks, InDifferentStringsAreNamedInTheSummary) {
  // The smallest cells have no convolution: many strings, and few networks.
  const Summary summary =
      searched("objectives: [parameters]\ntrainer: {name: discrete, trials: 60}\nseeds: 0..19\n");
  const SummaryRow& row = summary.rows.front();
  ASSERT_THAT(row.same_networks, Not(IsEmpty()));
  Host host;
  const auto space = host.search_space("nasbench201");
  for (const std::vector<std::uint64_t>& seeds : row.same_networks) {
    std::set<std::string> strings;
    std::set<std::uint64_t> networks;
    for (const std::uint64_t seed : seeds) {
      const std::string& text = row.results.at(seed).architecture;
      strings.insert(text);
      networks.insert(network_hash(*space, space->parse(text)));
    }
    EXPECT_GT(strings.size(), 1U);
    EXPECT_EQ(networks.size(), 1U);
  }
  EXPECT_THAT(render(summary), HasSubstr(" found the same network, in different strings.\n"));
  const auto json = nlohmann::json::parse(read_text(root_ / "run/summary.json"));
  EXPECT_EQ(json.at("optimizers").at(0).at("same_networks"), row.same_networks);
}

TEST_F(SameNetworks, AreNotNamedWhereTheStringIsTheSame) {
  PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "good"}));
  const Summary summary = run(config_of("search_space: good\noptimizer: good\nbenchmark: good\n"
                                        "trainer: {name: discrete, trials: 30}\nseeds: [0, 1]\n"),
                              {.directory = root_ / "run", .quiet = true}, registry);
  const SummaryRow& row = summary.rows.front();
  ASSERT_EQ(row.results.at(0).architecture, row.results.at(1).architecture);
  EXPECT_THAT(row.same_networks, IsEmpty());
  EXPECT_THAT(render(summary), Not(HasSubstr("the same network")));
}

TEST(SameNetworksText, NamesTheFirstSeedsOfMany) {
  Summary summary{.title = "t", .metrics = {}, .rows = {}, .best_report = {}, .paper_source = {}};
  SummaryRow row;
  row.label = "evolution";
  row.same_networks = {{3, 7}, {0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13}};
  summary.rows.push_back(row);
  EXPECT_THAT(render(summary),
              HasSubstr("evolution: the seeds 3 and 7 found the same network, in different strings.\n"
                        "evolution: the seeds 0, 1, 2, 4, 5, 6, 8, 9, 10, 11 and 2 more found the same "
                        "network, in different strings.\n"));
}

}  // namespace
}  // namespace espalier::host::testing
