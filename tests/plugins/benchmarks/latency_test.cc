#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/host.h"
#include "espalier/layers/primitives.h"
#include "espalier/random/random.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/interrupted.h"
#include "espalier/search/needs_preparation.h"
#include "latency_benchmark.h"
#include "network/training/memory_journal.h"
#include "nonnegative_fit.h"
#include "own_path.h"

namespace espalier {
namespace {

using espalier::testing::MemoryJournal;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The order of magnitude of a CPU, made up: a time for each unit that follows from its signature alone.
double time_of(const Unit& unit) {
  return 0.01 + 1e-7 * unit.multiply_adds() + 1e-6 * unit.numbers() +
         1e-4 * static_cast<double>(unit.signature().size());
}

/// Networks take what their units take, units of a kind by a factor, and an overhead. The noise of the n-th
/// run is a function of n.
struct FakeClock {
  double factor = 1.0;
  double overhead = 0.5;
  double noise = 0.0;  ///< relative
  std::size_t runs = 0;
  std::size_t loads = 0;
  std::string versions = {};  ///< of a program that keeps the clock

  double time(const LayerGraph& network) {
    double sum = overhead;
    const std::vector<Unit> units = units_of(network);
    // Alone, a unit is itself; within a network the factor counts.
    for (const Unit& unit : units) sum += (units.size() > 2 ? factor : 1.0) * time_of(unit);
    return sum;
  }
};

class FakeEngine final : public Engine {
 public:
  explicit FakeEngine(std::shared_ptr<FakeClock> clock) : clock_(std::move(clock)) {}

  std::unique_ptr<Loaded> load(const LayerGraph& layers) override {
    ++clock_->loads;
    return std::make_unique<Network>(clock_, clock_->time(layers));
  }
  std::string describe() const override { return "a made-up clock"; }
  bool is_another_program() const override { return !clock_->versions.empty(); }
  std::string versions() override { return clock_->versions; }

 private:
  class Network final : public Loaded {
   public:
    Network(std::shared_ptr<FakeClock> clock, double time) : clock_(std::move(clock)), time_(time) {}
    double run() override {
      static constexpr RngStream kStream("noise");
      Rng rng(0, kStream, ++clock_->runs);
      return time_ * (1.0 + clock_->noise * rng.uniform());
    }

   private:
    std::shared_ptr<FakeClock> clock_;
    double time_;
  };

  std::shared_ptr<FakeClock> clock_;
};

/// The benchmark with the fake engine.
class FakeLatency final : public LatencyBenchmark {
 public:
  FakeLatency(const Config& config, const std::shared_ptr<FakeClock>& clock)
      : LatencyBenchmark(
            config,
            {{"fake", [clock](const EngineOptions&) { return std::make_unique<FakeEngine>(clock); }}}) {
    set_name("latency");
  }
};

class LatencyTest : public ::testing::Test {
 protected:
  std::unique_ptr<FakeLatency> make(const std::string& options) {
    const Config config(host::parse_yaml(options, "test.yaml"), "benchmark");
    auto benchmark = std::make_unique<FakeLatency>(config, clock_);
    config.reject_unknown();
    benchmark->adapt(*space_);
    return benchmark;
  }
  std::string refusal(const std::string& options) {
    try {
      make(options);
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused: " << options;
    return {};
  }
  Architecture sample(std::uint64_t index) const {
    Rng rng(7, "test", index);
    return space_->sample(rng);
  }
  double truth(const Architecture& architecture) { return clock_->time(space_->layers(architecture)); }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench201", "{channels: 4, image_size: 16}");
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
};

TEST(LatencyReading, TheIntervalOfAMedianHoldsItInNineteenOfTwentyCases) {
  // From a table of the binomial distribution.
  using Positions = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(interval_of_median(6), Positions(0, 5));
  EXPECT_EQ(interval_of_median(10), Positions(1, 8));
  EXPECT_EQ(interval_of_median(15), Positions(3, 11));
  EXPECT_EQ(interval_of_median(100), Positions(39, 60));
  const Reading reading = reading_of({9, 1, 8, 2, 7, 3, 6, 4, 5, 10});
  EXPECT_EQ(reading.median, 5.5);
  EXPECT_EQ(reading.low, 2);
  EXPECT_EQ(reading.high, 9);
}

TEST(LatencyFit, RecoversWhatMadeTheTimes) {
  const std::vector<double> truth = {2.0, 0.0, 0.5, 3.0};
  std::vector<std::vector<double>> rows;
  std::vector<double> times;
  Rng rng(1, "rows");
  for (int row = 0; row < 20; ++row) {
    rows.push_back({rng.uniform(), rng.uniform(), rng.uniform(), 1.0});
    times.push_back(std::inner_product(truth.begin(), truth.end(), rows.back().begin(), 0.0));
  }
  const std::vector<double> found = nonnegative_fit(rows, times, {1.0, 1.0, 1.0, 0.0});
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_NEAR(found[i], truth[i], 1e-4);
}

TEST(LatencyFit, IsNeverNegativeAndKeepsWhatTheDataSaysNothingAbout) {
  // Less of the first column takes more time, which no time of a layer can explain.
  const std::vector<double> found =
      nonnegative_fit({{1.0, 0.0, 1.0}, {2.0, 0.0, 1.0}, {3.0, 0.0, 1.0}}, {3.0, 2.0, 1.0}, {1.0, 7.0, 1.0});
  EXPECT_EQ(found[0], 0.0);
  EXPECT_EQ(found[1], 7.0);
  EXPECT_GT(found[2], 0.0);
}

TEST(LatencyUnits, AreAsTheNetworkIsComputed) {
  Graph graph("graph");
  graph.add_node_range(1, 3).add_edges({{1, 2}, {1, 3}, {2, 3}});
  graph.edge(1, 2).set_op(primitives::relu_conv_bn(3, 3));
  graph.edge(1, 3).set_op(primitives::identity());
  graph.edge(2, 3).set_op(primitives::zero());
  const auto kinds = [&] {
    std::vector<UnitKind> found;
    for (const Unit& unit : units_of(flatten(graph, {3, 8, 8}, Purpose::evaluation)))
      found.push_back(unit.kind);
    return found;
  };
  EXPECT_THAT(kinds(), IsEmpty()) << "the image leaves as it is";
  graph.edge(2, 3).set_op(primitives::identity());
  EXPECT_THAT(kinds(), ElementsAre(UnitKind::fan_out, UnitKind::sum));
}

TEST(LatencyUnits, WithTensorsOfSeveralShapesAreStillNetworks) {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edges({{1, 2}});
  using Nodes = std::vector<Primitive::Node>;
  const Nodes nodes = {{"wide", Conv2d{.out_channels = 8}, {Primitive::kInput}},
                       {"narrow", Conv2d{.out_channels = 2}, {Primitive::kInput}},
                       {"concat", Concat{}, {0, 1, 0}},
                       {"mean", GlobalAvgPool{}, {2}},
                       {"scaled", Multiply{}, {2, 3}}};
  graph.edge(1, 2).set_op(Primitive("several", nodes));
  for (const Unit& unit : units_of(flatten(graph, {3, 8, 8}, Purpose::evaluation))) {
    EXPECT_TRUE(unit.measurable) << unit.signature();
    EXPECT_FALSE(unit.layers.nodes.empty());
    for (std::size_t i = 0; i < unit.layers.nodes.size(); ++i) {
      const LayerGraph::Node& node = unit.layers.nodes[i];
      std::vector<Shape> shapes;
      for (const int input : node.inputs)
        shapes.push_back(input == LayerGraph::kInput
                             ? unit.layers.input
                             : unit.layers.nodes[static_cast<std::size_t>(input)].shape);
      EXPECT_EQ(node.layer.output_shape(shapes), node.shape) << unit.signature();
    }
  }
}

TEST_F(LatencyTest, MeasuresTheMedian) {
  const auto benchmark = make("{repetitions: 9, warm_up: 2}");
  const Metric metric = benchmark->metrics().front();
  EXPECT_EQ(metric.name, "latency");
  EXPECT_EQ(metric.unit, "ms");
  EXPECT_EQ(metric.direction, Direction::minimize);
  EXPECT_TRUE(metric.measured);
  EXPECT_FALSE(benchmark->needs_preparation());
  EXPECT_TRUE(benchmark->uses_all_cores()) << "nothing else runs meanwhile";
  EXPECT_DOUBLE_EQ(benchmark->query(sample(0)), truth(sample(0)));
  EXPECT_EQ(clock_->loads, 3U) << "rounds";
  EXPECT_EQ(clock_->runs, 3U * 2 + 2U * 9) << "each repetition brings the weights into the caches first";
}

TEST_F(LatencyTest, PredictsWhatAPerfectClockSays) {
  clock_->factor = 1.7;
  const auto benchmark = make("{predict: true, samples: 40, held_out: 10, repetitions: 6, warm_up: 0}");
  EXPECT_FALSE(benchmark->metrics().front().measured);
  EXPECT_FALSE(benchmark->uses_all_cores());
  EXPECT_THROW((void)benchmark->query(sample(0)), Error) << "not prepared yet";
  EXPECT_THAT(remarks(*benchmark), IsEmpty());
  prepare(*benchmark);
  const std::size_t runs = clock_->runs;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const double expected = truth(sample(i));
    EXPECT_NEAR(benchmark->query(sample(i)) / expected, 1.0, 0.01);
  }
  EXPECT_EQ(clock_->runs, runs) << "a prediction measures nothing";
  EXPECT_THAT(remarks(*benchmark), ElementsAre(AllOf(HasSubstr("on 10 networks"), HasSubstr("tau 1.00"),
                                                     HasSubstr("reaches 1.00"))));
}

TEST_F(LatencyTest, PredictsThroughNoise) {
  clock_->factor = 1.7;
  clock_->noise = 0.05;
  const auto benchmark = make("{predict: true, samples: 60, held_out: 20}");
  prepare(*benchmark);
  for (std::uint64_t i = 0; i < 50; ++i)
    EXPECT_NEAR(benchmark->query(sample(i)) / truth(sample(i)), 1.0, 0.06);
}

TEST_F(LatencyTest, SaysWhenTheClockIsTooNoisy) {
  clock_->overhead = 1000.0;
  clock_->noise = 0.5;
  const auto benchmark = make("{predict: true, samples: 10, held_out: 8, repetitions: 6}");
  prepare(*benchmark);
  EXPECT_THAT(remarks(*benchmark),
              ::testing::Contains(AllOf(HasSubstr("The clock is too noisy to tell these networks apart"),
                                        HasSubstr("ms wide"), HasSubstr("% of it"))));
}

TEST_F(LatencyTest, APreparationThatIsStoppedContinuesWhereItWas) {
  const std::string options = "{predict: true, samples: 20, held_out: 5, repetitions: 6, warm_up: 0}";
  MemoryJournal whole;
  const std::string bytes = make(options)->prepare(whole);
  const std::size_t runs = clock_->runs;

  clock_->runs = 0;
  MemoryJournal journal;
  std::string resumed;
  for (journal.stop_after = 7; resumed.empty(); journal.stop_after += 14) {
    try {
      resumed = make(options)->prepare(journal);
    } catch (const Interrupted&) {
      ASSERT_LT(journal.stop_after, 1000);
    }
  }
  EXPECT_GT(journal.checkpoints, 1);
  EXPECT_EQ(resumed, bytes);
  EXPECT_EQ(clock_->runs, runs) << "nothing is timed twice";

  const auto first = make(options);
  first->load_preparation(bytes);
  EXPECT_GT(first->query(sample(3)), 0.0);
  MemoryJournal other;
  other.bytes = journal.bytes;
  EXPECT_THROW((void)make("{predict: true, samples: 60, held_out: 5, repetitions: 6}")->prepare(other),
               Error);
}

TEST_F(LatencyTest, ARunDoesNotMixVersionsOfAnotherProgram) {
  clock_->versions = "Clock 1";
  const auto benchmark = make("{repetitions: 6}");
  EXPECT_TRUE(benchmark->needs_preparation());
  EXPECT_THAT(remarks(*benchmark), IsEmpty());
  prepare(*benchmark);
  EXPECT_THAT(remarks(*benchmark), ElementsAre("The latencies are those of Clock 1."));
  EXPECT_DOUBLE_EQ(benchmark->query(sample(0)), truth(sample(0)));
  for (const char* const damaged : {"", "{}", "[1]", R"({"engine": 1, "versions": 2})"})
    EXPECT_THROW(benchmark->load_preparation(damaged), Error);
  clock_->versions = "Clock 2";
  EXPECT_THROW((void)benchmark->query(sample(0)), UsageError);

  const std::string options = "{predict: true, samples: 20, held_out: 5, repetitions: 6}";
  MemoryJournal journal;
  journal.stop_after = 3;
  EXPECT_THROW((void)make(options)->prepare(journal), Interrupted);
  journal.stop_after = 1000;
  clock_->versions = "Clock 3";
  EXPECT_THROW((void)make(options)->prepare(journal), UsageError);
  clock_->versions = "Clock 2";
  const auto predicting = make(options);
  predicting->load_preparation(predicting->prepare(journal));
  EXPECT_THAT(remarks(*predicting), ::testing::Contains("The latencies are those of Clock 2."));
}

TEST_F(LatencyTest, ATableServesOtherRunsOfTheSameSpace) {
  const std::string options = "{predict: true, samples: 20, held_out: 5, repetitions: 6}";
  const auto prepared = make(options);
  MemoryJournal journal;
  const std::string bytes = prepared->prepare(journal);
  prepared->load_preparation(bytes);
  const std::string file = testing::own_path("latency_table.bin").string();
  std::ofstream(file, std::ios::binary) << bytes;
  const auto reader = make("{predict: true, table: '" + file + "'}");
  EXPECT_FALSE(reader->needs_preparation());
  EXPECT_THAT(reader->files(), ElementsAre(file));
  EXPECT_EQ(reader->query(sample(1)), prepared->query(sample(1)));
  EXPECT_EQ(remarks(*reader), remarks(*prepared));

  const auto other = host_.search_space("nasbench_macro");
  FakeLatency stranger(Config(host::parse_yaml("{predict: true, table: '" + file + "'}", "test.yaml")),
                       clock_);
  EXPECT_THROW(stranger.adapt(*other), UsageError);
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 50)
    EXPECT_THROW(prepared->load_preparation(bytes.substr(0, i)), Error) << "cut at " << i;
}

TEST_F(LatencyTest, RefusesWhatCannotBe) {
  EXPECT_THAT(refusal("{threads: 2, clock: cpu}"),
              HasSubstr("clock: cpu does not count the work of 2 threads"));
  EXPECT_THAT(refusal("{table: somewhere}"), HasSubstr("the option table holds predictions"));
  EXPECT_THAT(refusal("{predict: true, table: /nowhere/prepared.bin}"),
              HasSubstr("the latency table does not exist"));
  EXPECT_THAT(refusal("{repetitions: 5}"), HasSubstr("from 6 to"));
}

}  // namespace
}  // namespace espalier
