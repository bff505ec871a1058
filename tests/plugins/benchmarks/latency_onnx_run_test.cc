#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/needs_preparation.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kEngine = "engine: onnxruntime, python: /usr/bin/python3";

/// The benchmark with ONNX Runtime. Nothing here depends on what its clock says.
class LatencyOnnxRun : public RunTest {
 protected:
  void SetUp() override {
    if (!fs::exists(fs::path(espalier::paths::build) / "lib/espalier/plugins/benchmark_latency.so"))
      GTEST_SKIP() << "this build has no LibTorch";
    ::setenv("PYTHONPATH", (fs::path(espalier::paths::source) / "build/onnxruntime").c_str(), 1);
    try {
      prepared("nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8}", "");
    } catch (const UsageError& error) {
      const std::string what = error.what();
      if (what.find("has no ONNX Runtime") == std::string::npos) throw;
      GTEST_SKIP() << "scripts/install --develop installs ONNX Runtime: " << what;
    }
  }

  std::string config(const std::string& latency, int trials) const {
    return "search_space: {name: nasbench201, channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}\n"
           "optimizer: random_search\n"
           "benchmark: {name: latency, repetitions: 6, warm_up: 1, " +
           (kEngine + latency) + "}\ntrainer: {name: discrete, trials: " + std::to_string(trials) +
           "}\nseeds: 0..1\n";
  }
  std::string measurements() const { return read_text(root_ / "run/measurements.jsonl"); }

  /// A value of some architecture, with the remarks of the benchmark.
  std::pair<double, std::vector<std::string>> prepared(const std::string& space_name,
                                                       const std::string& space_options,
                                                       const std::string& options) {
    const auto space = host_.search_space(space_name, space_options);
    const auto benchmark = host_.make<Benchmark>(
        "latency", std::string("{") + kEngine + ", repetitions: 6, warm_up: 0" + options + "}");
    benchmark->adapt(*space);
    prepare(*benchmark);
    Rng rng(3, "test");
    return {benchmark->query(space->sample(rng)), remarks(*benchmark)};
  }

  Host host_;
};

TEST_F(LatencyOnnxRun, EachArchitectureIsMeasuredOnceInARun) {
  const Summary summary = run_quietly(config("", 6), root_ / "run");
  EXPECT_THAT(summary.remarks,
              Contains(AllOf(HasSubstr("The latencies are those of ONNX Runtime"), HasSubstr("Python 3"))));
  const std::string first = measurements();
  EXPECT_THAT(first, HasSubstr("\"latency\""));

  const auto before = files_of(root_ / "run");
  fs::remove_all(root_ / "run/random_search");
  run_quietly(config("", 6), root_ / "run");
  EXPECT_THAT(differing(files_of(root_ / "run"), before), IsEmpty());
  run_quietly(config("", 10), root_ / "run");
  EXPECT_THAT(measurements(), ::testing::StartsWith(first));
}

TEST_F(LatencyOnnxRun, PredictionsArePreparedOnce) {
  const std::string predicted = ", predict: true, samples: 8, held_out: 3";
  const Summary summary = run_quietly(config(predicted, 6), root_ / "run");
  EXPECT_THAT(summary.remarks, Contains(HasSubstr("Kendall's tau")));
  EXPECT_THAT(summary.remarks, Contains(HasSubstr("ONNX Runtime")));
  const std::string table = (root_ / "run/preparation/latency/prepared.bin").string();
  EXPECT_THAT(read_text(table), HasSubstr("onnxruntime, 1 image, 1 thread, CPU time"));

  // A table needs no Python, and is that of an engine.
  const auto space = host_.search_space("nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8}");
  const auto with = [&](const std::string& engine) {
    const auto benchmark =
        host_.make<Benchmark>("latency", "{" + engine + ", predict: true, table: " + table + "}");
    benchmark->adapt(*space);
    Rng rng(3, "test");
    return benchmark->query(space->sample(rng));
  };
  EXPECT_GT(with("engine: onnxruntime, python: no-such-python"), 0.0);
  EXPECT_THROW(with("engine: libtorch"), UsageError);
}

TEST_F(LatencyOnnxRun, RunsEverySpace) {
  const std::vector<std::pair<std::string, std::string>> spaces = {
      {"nasbench101", "{channels: 6, cells_per_stack: 1, image_size: 8}"},
      {"darts", "{evaluation_channels: 4, evaluation_cells: 3, image_size: 32}"},
      {"hierarchical", "{evaluation_channels: 4, evaluation_cells_per_stage: 1, image_size: 8}"},
      {"nasbench_macro", "{channels: 2, image_size: 8}"},
      {"transnas101_micro", "{channels: 2, image_size: 32}"},
      {"transnas101_macro", "{channels: 2, image_size: 16}"}};
  for (const auto& [name, options] : spaces) {
    SCOPED_TRACE(name);
    const auto [value, said] =
        prepared(name, options, ", predict: true, samples: 6, held_out: 2, batch_size: 2");
    EXPECT_GT(value, 0.0);
    EXPECT_THAT(said, Contains(HasSubstr("on 2 networks")));
  }
}

TEST_F(LatencyOnnxRun, ARunDoesNotMixVersions) {
  const auto space = host_.search_space("nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8}");
  const auto benchmark = host_.make<Benchmark>("latency", std::string("{") + kEngine + "}");
  benchmark->adapt(*space);
  auto& needy = *ability<NeedsPreparation>(*benchmark);
  ASSERT_TRUE(needy.needs_preparation());
  needy.load_preparation(R"({"engine": "onnxruntime", "versions": "ONNX Runtime 0.1, Python 2.7"})");
  Rng rng(3, "test");
  try {
    (void)benchmark->query(space->sample(rng));
    ADD_FAILURE() << "it was measured";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("began to measure with ONNX Runtime 0.1, Python 2.7"),
                                    HasSubstr("and now there is ONNX Runtime 1.")));
  }
}

}  // namespace
}  // namespace espalier::host::testing
