#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <future>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "espalier/host/host.h"
#include "espalier/plugin/reads_files.h"
#include "paths.h"
#include "plugins/benchmarks/converted_surrogate.h"

namespace espalier {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kFixtures = fs::path(paths::fixtures) / "nasbench301";
const std::vector<std::string> kWheels = {"xgboost-0.90_lightgbm-2.2.3", "xgboost-1.0.2_lightgbm-2.3.1",
                                          "xgboost-1.7.4_lightgbm-3.3.5", "xgboost-2.1.4_lightgbm-4.7.0"};

json read_json(const fs::path& file) { return json::parse(std::ifstream(file)); }

/// What the official surrogates of the benchmark predict.
class OfficialSurrogateTest : public ::testing::Test {
 protected:
  OfficialSurrogateTest() : folder_(fs::path(::testing::TempDir()) / unique_name()) {}
  ~OfficialSurrogateTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Benchmark> open(const fs::path& accuracy_model, const std::string& more = "noise: false") {
    return host_.benchmark("nasbench301", *space_,
                           "{accuracy_model: " + accuracy_model.string() + ", " + more + "}");
  }
  /// A benchmark whose accuracies are those of a model.
  std::unique_ptr<Benchmark> with(const std::string& library, const std::vector<std::string>& models) {
    testing::write_surrogate(folder_, testing::surrogate_list(library, models), models);
    return open(folder_);
  }

  std::vector<Architecture> parsed(const json& genotypes) const {
    std::vector<Architecture> all;
    for (const json& genotype : genotypes) all.push_back(space_->parse(genotype.get<std::string>()));
    return all;
  }
  Architecture first() const { return parsed({encodings_.at(0).at("genotype")}).front(); }
  double value_of_first(std::size_t slot) const { return encodings_.at(0).at("values").at(slot); }

  static std::string unique_name() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return "espalier_official_" + std::string(test->name());
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("darts");
  json encodings_ = read_json(kFixtures / "encodings.json").at("encodings");
  fs::path folder_;
};

/// The lines of a tree that gives `leaves[i]` where value `slot` is at most `thresholds[i]` and above those
/// before it; the last leaf is for the rest.
std::string ladder(std::size_t slot, const std::vector<double>& thresholds,
                   const std::vector<double>& leaves) {
  const auto line = [&](const std::string& key, const auto& item_of) {
    std::string text = key + "=";
    for (std::size_t i = 0; i < thresholds.size(); ++i) text += (i == 0 ? "" : " ") + item_of(i);
    return text + "\n";
  };
  const std::size_t last = thresholds.size() - 1;
  std::string values = "leaf_value=";
  for (std::size_t i = 0; i < leaves.size(); ++i) values += (i == 0 ? "" : " ") + json(leaves[i]).dump();
  return "num_leaves=" + std::to_string(leaves.size()) + "\nnum_cat=0\n" +
         line("split_feature", [&](std::size_t) { return std::to_string(slot); }) +
         line("threshold", [&](std::size_t i) { return json(thresholds[i]).dump(); }) +
         line("decision_type", [](std::size_t) { return std::string("2"); }) +
         line("left_child", [](std::size_t i) { return std::to_string(~static_cast<int>(i)); }) +
         line("right_child",
              [&](std::size_t i) {
                return std::to_string(i == last ? ~static_cast<int>(last + 1) : static_cast<int>(i) + 1);
              }) +
         values + "\n";
}

TEST_F(OfficialSurrogateTest, ReadsGenotypesAsConfigSpaceDoes) {
  ASSERT_EQ(encodings_.size(), 16);
  std::vector<Architecture> architectures;
  for (const json& encoding : encodings_)
    architectures.push_back(space_->parse(encoding.at("genotype").get<std::string>()));
  for (std::size_t slot = 0; slot < 56; ++slot) {
    std::vector<double> expected;
    for (const json& encoding : encodings_) expected.push_back(encoding.at("values").at(slot));
    // A tree that gives back each of these values, and tells those beside them apart.
    std::vector<double> values = expected;
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<double> thresholds;
    std::vector<double> leaves;
    for (const double value : values) {
      thresholds.insert(thresholds.end(), {std::nextafter(value, -1e9), value});
      leaves.insert(leaves.end(), {0, 50 + value});
    }
    leaves.push_back(0);
    for (double& value : expected) value += 50;  // an accuracy is not negative
    const auto benchmark = with("lightgbm", {testing::lightgbm_text({ladder(slot, thresholds, leaves)})});
    EXPECT_EQ(benchmark->query(architectures, {.metric = "validation_accuracy"}), expected) << slot;
  }
}

// Of each version of the wheels, and by hand: this is the example of the official package.
TEST_F(OfficialSurrogateTest, EncodesAPublishedGenotype) {
  const std::string text =
      "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), "
      "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
      "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), "
      "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), "
      "('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])";
  const Architecture darts = space_->parse(text);
  // Node 5 of the normal cell reads 0 and 2: the second of ten pairs; its edges are 9 (from 0) and 11 (from
  // 2).
  const std::map<std::size_t, double> by_hand = {{10, 3},  {11, 3}, {12, 0},  {13, 0}, {15, 0}, {16, 0},
                                                 {17, 1},  {18, 2}, {19, 1},  {20, 4}, {43, 2}, {33, 5},
                                                 {32, -1}, {36, 3}, {38, -1}, {39, 2}, {48, -1}};
  for (const auto& [slot, value] : by_hand) {
    const auto benchmark =
        with("lightgbm", {testing::lightgbm_text(
                             {ladder(slot, {-0.5, 0.5, 1.5, 2.5, 3.5, 4.5}, {49, 50, 51, 52, 53, 54, 55})})});
    EXPECT_EQ(benchmark->query(darts, {.metric = "validation_accuracy"}), 50 + value) << slot;
  }
}

TEST_F(OfficialSurrogateTest, PredictsWhatTheWheelsPredict) {
  for (const std::string& wheels : kWheels) {
    SCOPED_TRACE(wheels);
    const json expected = read_json(kFixtures / wheels / "expected.json");
    const auto benchmark =
        open(kFixtures / wheels / "xgb_converted",
             "noise: false, runtime_model: " + (kFixtures / wheels / "lgb_time_converted").string());
    const std::vector<Architecture> architectures = parsed(expected.at("genotypes"));
    const auto mean = [&](const char* kind) {
      std::vector<double> means(architectures.size());
      for (const json& member : expected.at(kind))
        for (std::size_t i = 0; i < means.size(); ++i)
          means[i] += member.at(i).get<double>() / static_cast<double>(expected.at(kind).size());
      return means;
    };
    // Before 1.3 XGBoost added up 32-bit numbers in another order.
    const double rounding =
        wheels.starts_with("xgboost-0") || wheels.starts_with("xgboost-1.0") ? 3e-5 : 1e-12;
    EXPECT_THAT(benchmark->query(architectures, {.metric = "validation_accuracy"}),
                Pointwise(DoubleNear(rounding), mean("xgb")));
    EXPECT_THAT(benchmark->query(architectures, {.metric = "train_seconds"}),
                Pointwise(DoubleNear(1e-9), mean("lgb_time")));
  }
}

TEST_F(OfficialSurrogateTest, NoiseHasTheDeviationOfTheMembers) {
  const fs::path fixture = kFixtures / kWheels[1];
  const json expected = read_json(fixture / "expected.json");
  const std::vector<Architecture> architectures = parsed(expected.at("genotypes"));
  const auto means = open(fixture / "xgb_converted")->query(architectures);
  constexpr int kSeeds = 100;
  double sum = 0;
  double squares = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const auto noisy = open(fixture / "xgb_converted", "noise: true, noise_seed: " + std::to_string(seed))
                           ->query(architectures);
    for (std::size_t i = 0; i < noisy.size(); ++i) {
      // Of two members, half of what they differ by.
      const double deviation = std::abs(expected.at("xgb").at(0).at(i).get<double>() -
                                        expected.at("xgb").at(1).at(i).get<double>()) /
                               2;
      const double standard = (noisy[i] - means[i]) / deviation;
      sum += standard;
      squares += standard * standard;
    }
  }
  const double draws = kSeeds * static_cast<double>(architectures.size());
  EXPECT_NEAR(sum / draws, 0, 4 / std::sqrt(draws));
  EXPECT_NEAR(squares / draws, 1, 4 * std::sqrt(2 / draws));
}

TEST_F(OfficialSurrogateTest, TheSameQuestionHasTheSameAnswer) {
  const fs::path fixture = kFixtures / kWheels[1];
  const std::vector<Architecture> architectures =
      parsed(read_json(fixture / "expected.json").at("genotypes"));
  const std::string noise = "noise: true, noise_seed: 3";
  const auto once = open(fixture / "xgb_converted", noise)->query(architectures);
  const auto again = open(fixture / "xgb_converted", noise);
  std::vector<std::future<std::vector<double>>> threads;
  for (int i = 0; i < 4; ++i)
    threads.push_back(std::async(std::launch::async, [&] { return again->query(architectures); }));
  for (auto& thread : threads) EXPECT_EQ(thread.get(), once);
  EXPECT_NE(open(fixture / "xgb_converted", "noise: true, noise_seed: 4")->query(architectures), once);
}

TEST_F(OfficialSurrogateTest, TakesTheMeanOfTheMembers) {
  const auto benchmark = with("lightgbm", {testing::lightgbm_text({testing::lightgbm_leaf(90)}),
                                           testing::lightgbm_text({testing::lightgbm_leaf(92)}),
                                           testing::lightgbm_text({testing::lightgbm_leaf(94)})});
  EXPECT_EQ(benchmark->query(first()), 92);
}

TEST_F(OfficialSurrogateTest, OnlyTheTreesUpToTheBestIterationCount) {
  const std::vector<std::string> models = {
      testing::lightgbm_text({testing::lightgbm_leaf(90), testing::lightgbm_leaf(2)})};
  json list = testing::surrogate_list("lightgbm", models);
  testing::write_surrogate(folder_, list, models);
  EXPECT_EQ(open(folder_)->query(first()), 92);
  list["members"][0]["trees"] = 1;
  testing::write_surrogate(folder_, list, models);
  EXPECT_EQ(open(folder_)->query(first()), 90);
}

TEST_F(OfficialSurrogateTest, LightGBMSendsMissingValuesWhereTheModelSays) {
  ASSERT_EQ(value_of_first(1), 0);
  struct Decision {
    unsigned type;
    double threshold;
    double expected;  // 1: left, 2: right
  };
  // 4: zero counts as missing and goes right; 6: left. Else 0 is compared as any number.
  for (const auto& [type, threshold, expected] :
       {Decision{0, 0.0, 1}, Decision{2, -1.0, 2}, Decision{8, 0.5, 1}, Decision{10, -0.5, 2},
        Decision{4, 0.5, 2}, Decision{6, -0.5, 1}}) {
    const auto benchmark =
        with("lightgbm", {testing::lightgbm_text({testing::lightgbm_stump(1, threshold, type)})});
    EXPECT_EQ(benchmark->query(first()), expected) << type;
  }
}

TEST_F(OfficialSurrogateTest, XGBoostGoesLeftBelowTheThresholdAndRightAtIt) {
  ASSERT_EQ(value_of_first(15), std::round(value_of_first(15)));
  const auto value = static_cast<float>(value_of_first(15));
  const auto at = [&](float threshold) {
    return with("xgboost", {testing::xgboost_bytes({testing::xgboost_stump(15, threshold)}, 90)})
        ->query(first());
  };
  EXPECT_EQ(at(value), 92);
  EXPECT_EQ(at(std::nextafter(value, 100.0F)), 91);
}

TEST_F(OfficialSurrogateTest, NodesThatXGBoostPrunedDoNotCount) {
  testing::XGBoostTree tree = testing::xgboost_stump(15 | 1U << 31U, 100);
  // Node 1 is what is left of a subtree, with children that do not exist.
  tree = {.left = {2, 77, -1, -1},
          .right = {3, 77, -1, -1},
          .feature = {15 | 1U << 31U, 99, 0, 0},
          .value = {100, std::numeric_limits<float>::quiet_NaN(), 91, 92}};
  EXPECT_EQ(with("xgboost", {testing::xgboost_bytes({tree})})->query(first()), 91);
}

TEST_F(OfficialSurrogateTest, ARunKeepsTheHashesOfAllFiles) {
  const auto benchmark = open(kFixtures / kWheels[1] / "xgb_converted",
                              "runtime_model: " + (kFixtures / kWheels[1] / "lgb_time_converted").string());
  const auto* reads = dynamic_cast<const ReadsFiles*>(benchmark.get());
  ASSERT_NE(reads, nullptr);
  const auto files = reads->files();
  for (const char* kind : {"xgb_converted", "lgb_time_converted"})
    for (const auto& entry : fs::directory_iterator(kFixtures / kWheels[1] / kind))
      EXPECT_NE(std::find(files.begin(), files.end(), entry.path()), files.end()) << entry.path();
}

}  // namespace
}  // namespace espalier
