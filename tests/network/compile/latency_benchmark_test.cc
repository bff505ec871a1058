#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/needs_preparation.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What is fast to measure, with the real clock: nothing here depends on what it says.
std::string config(const std::string& latency, const std::string& more = "", int trials = 8) {
  return "search_space: {name: nasbench201, channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}\n"
         "optimizer: [random_search, regularized_evolution]\n"
         "benchmark: {name: latency, repetitions: 6, warm_up: 1" +
         latency + "}\n" + more + "trainer: {name: discrete, trials: " + std::to_string(trials) +
         "}\nseeds: 0..1\n";
}

class LatencyBenchmarkTest : public RunTest {
 protected:
  std::string measurements() const { return read_text(root_ / "run/measurements.jsonl"); }

  Host host_;
};

TEST_F(LatencyBenchmarkTest, EachArchitectureIsMeasuredOnceInARun) {
  run_quietly(config(""), root_ / "run");
  const std::string first = measurements();
  std::vector<std::string> measured;
  std::istringstream lines(first);
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json value = nlohmann::json::parse(line);
    EXPECT_EQ(value.at("metric"), "latency");
    EXPECT_GT(value.at("value").get<double>(), 0.0);
    measured.push_back(value.at("architecture"));
  }
  EXPECT_GT(measured.size(), 8U);
  std::ranges::sort(measured);
  EXPECT_EQ(std::ranges::adjacent_find(measured), measured.end()) << "measured twice";

  // The searches are gone, the measurements stay: the same results follow from them, on two workers, too.
  const auto before = files_of(root_ / "run");
  for (const char* optimizer : {"random_search", "regularized_evolution"})
    std::filesystem::remove_all(root_ / "run" / optimizer);
  run_quietly(config(""), root_ / "run", 2);
  EXPECT_THAT(differing(files_of(root_ / "run"), before), IsEmpty());

  // A larger run measures only what is new.
  const auto events = [&] { return read_text(root_ / "run/random_search/seed_0/events.jsonl"); };
  const std::string trials = events();
  run_quietly(config("", "", 14), root_ / "run");
  EXPECT_THAT(measurements(), ::testing::StartsWith(first));
  EXPECT_GT(measurements().size(), first.size());
  EXPECT_THAT(events(), ::testing::StartsWith(trials));
}

TEST_F(LatencyBenchmarkTest, PredictionsArePreparedOnce) {
  const std::string predicted = config(", predict: true, samples: 12, held_out: 4");
  const Summary summary = run_quietly(predicted, root_ / "run");
  EXPECT_THAT(summary.remarks,
              ::testing::Contains(AllOf(HasSubstr("on 4 networks"), HasSubstr("Kendall's tau"))));
  EXPECT_FALSE(std::filesystem::exists(root_ / "run/measurements.jsonl"));
  EXPECT_THAT(read_text(root_ / "run/metrics.json"), HasSubstr("Kendall's tau"));

  const auto before = files_of(root_ / "run");
  std::filesystem::remove_all(root_ / "run/random_search/seed_1");
  EXPECT_EQ(run_quietly(predicted, root_ / "run").remarks, summary.remarks);
  EXPECT_THAT(differing(files_of(root_ / "run"), before), IsEmpty());

  // Another run takes the table, and sees the same latencies.
  const std::string table = (root_ / "run/preparation/latency/prepared.bin").string();
  EXPECT_EQ(run_quietly(config(", predict: true, table: " + table), root_ / "other").remarks,
            summary.remarks);
  EXPECT_EQ(read_text(root_ / "other/random_search/seed_0/events.jsonl"),
            read_text(root_ / "run/random_search/seed_0/events.jsonl"));
}

TEST_F(LatencyBenchmarkTest, ABoundThatNothingKeepsIsOneError) {
  try {
    run_quietly(config(", predict: true, samples: 6, held_out: 2", "constraints: {latency: 1.0e-9}\n"),
                root_ / "run");
    ADD_FAILURE() << "nothing takes so little time";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("refused 1000 proposals"), HasSubstr("latency at most 1e-09 ms"),
                      HasSubstr("the nearest that was refused has")));
  }
}

TEST_F(LatencyBenchmarkTest, RunsEverySpaceAndLeavesTheThreadsAsTheyWere) {
  const int threads = at::get_num_threads();
  const std::vector<std::pair<std::string, std::string>> spaces = {
      {"nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8}"},
      {"nasbench101", "{channels: 6, cells_per_stack: 1, image_size: 8}"},
      {"darts", "{evaluation_channels: 4, evaluation_cells: 3, image_size: 32}"},
      {"hierarchical", "{evaluation_channels: 4, evaluation_cells_per_stage: 1, image_size: 8}"},
      {"nasbench_macro", "{channels: 2, image_size: 8}"},
      {"transnas101_micro", "{channels: 2, image_size: 32}"},
      {"transnas101_macro", "{channels: 2, image_size: 16}"}};
  for (const auto& [name, options] : spaces) {
    SCOPED_TRACE(name);
    const auto space = host_.search_space(name, options);
    const auto benchmark = host_.make<Benchmark>(
        "latency", "{predict: true, samples: 6, held_out: 2, repetitions: 6, warm_up: 0, batch_size: 2}");
    benchmark->adapt(*space);
    prepare(*benchmark);
    Rng rng(3, "test");
    EXPECT_GT(benchmark->query(space->sample(rng)), 0.0);
    EXPECT_FALSE(remarks(*benchmark).empty());
  }
  EXPECT_EQ(at::get_num_threads(), threads);
}

}  // namespace
}  // namespace espalier::host::testing
