#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plugin/ability.h"
#include "espalier/search/answers_trials.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"
#include "plugins/csv.h"

// The option `protocol` of the benchmark nasbench201: which of the published trainings the accuracies are of.
namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::array kSeedNames = {"777", "888", "999"};
constexpr std::size_t kOptimum = 6111;  ///< the cell with the best accuracies

class NASBench201ProtocolsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    host_ = new host::Host;
    space_ = host_->search_space("nasbench201").release();
    runs_ = new testing::Csv("nasbench201_runs.csv.gz");
    means_ = new testing::Csv("nasbench201.csv.gz");
    cells_ = new std::vector<Architecture>;
    for (const std::string& text : means_->strings) cells_->push_back(space_->parse(text));
  }
  static void TearDownTestSuite() {
    delete cells_;
    delete means_;
    delete runs_;
    delete space_;
    delete host_;
  }

  static std::unique_ptr<Benchmark> open(const std::string& protocol, const std::string& more = "") {
    return host_->benchmark("nasbench201", *space_, "{protocol: " + protocol + more + "}");
  }
  static std::string refusal(const std::string& protocol, const std::string& more = "") {
    try {
      open(protocol, more);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no refusal";
  }
  static const std::vector<double>& run(const std::string& column) { return runs_->columns.at(column); }
  /// Nothing where the benchmark says that it has no value.
  static std::optional<double> known(const Benchmark& benchmark, std::size_t cell,
                                     const std::string& metric) try {
    return benchmark.query(cells_->at(cell), {.metric = metric});
  } catch (const Error&) {
    return std::nullopt;
  }

  static inline host::Host* host_ = nullptr;
  static inline SearchSpace* space_ = nullptr;
  static inline testing::Csv* runs_ = nullptr;
  static inline testing::Csv* means_ = nullptr;
  static inline std::vector<Architecture>* cells_ = nullptr;
};

TEST_F(NASBench201ProtocolsTest, TheTrainingsHaveThePublishedMeans) {
  constexpr double kRounded = 5e-5;
  std::size_t with_three = 0;
  std::size_t told_apart = 0;
  for (std::size_t cell = 0; cell < cells_->size(); ++cell) {
    double sum = 0.0;
    double tests = 0.0;
    std::size_t runs = 0;
    bool all_tests = true;
    for (const std::string seed : kSeedNames) {
      const double validation = run("cifar10_valid_" + seed)[cell];
      if (validation >= 0.0) {
        sum += validation;
        ++runs;
      }
      tests += run("cifar10_test_" + seed)[cell];
      all_tests = all_tests && run("cifar10_test_" + seed)[cell] >= 0.0;
    }
    with_three += runs == 3 ? 1 : 0;
    told_apart += all_tests ? 1 : 0;
    EXPECT_NEAR(sum / static_cast<double>(runs), means_->columns.at("cifar10_valid")[cell], kRounded) << cell;
    if (all_tests) {
      EXPECT_NEAR(tests / 3.0, means_->columns.at("cifar10_test")[cell], kRounded) << cell;
    }
  }
  EXPECT_EQ(with_three, 8'169U);
  EXPECT_EQ(told_apart, 7'961U);
}

TEST_F(NASBench201ProtocolsTest, AProtocolOfOneSeedGivesItsTrainings) {
  for (const std::string seed : kSeedNames) {
    const auto benchmark = open(seed);
    for (const auto& [metric, column] : {std::pair{"validation_accuracy", "cifar10_valid_" + seed},
                                         {"test_accuracy", "cifar10_test_" + seed}}) {
      for (std::size_t cell = 0; cell < cells_->size(); cell += 7) {
        const double published = run(column)[cell];
        EXPECT_EQ(known(*benchmark, cell, metric), published < 0.0 ? std::nullopt : std::optional(published))
            << metric << cell;
      }
    }
    EXPECT_EQ(benchmark->best("test_accuracy"), std::ranges::max(run("cifar10_test_" + seed)));
  }
  EXPECT_EQ(known(*open("777"), kOptimum, "validation_accuracy"), 91.684);
  EXPECT_EQ(known(*open("888"), kOptimum, "validation_accuracy"), 91.72);
  EXPECT_EQ(known(*open("999"), kOptimum, "test_accuracy"), 94.18);
}

TEST_F(NASBench201ProtocolsTest, NASLibTakesTheTestAccuracyOfTheSameNetwork) {
  const auto benchmark = open("naslib");
  EXPECT_EQ(benchmark->query(*cells_), run("cifar10_valid_888"));
  EXPECT_EQ(benchmark->query(*cells_, {.metric = "test_accuracy"}), run("cifar10_half_test_888"));
  for (const auto& [dataset, prefix] :
       {std::pair{"cifar100", "cifar100"}, {"imagenet16_120", "imagenet16"}}) {
    const Query validation{.metric = "validation_accuracy", .dataset = dataset};
    const Query test{.metric = "test_accuracy", .dataset = dataset};
    EXPECT_EQ(benchmark->query(*cells_, validation), run(std::string(prefix) + "_valid_888"));
    EXPECT_EQ(benchmark->query(*cells_, test), run(std::string(prefix) + "_test_888"));
    EXPECT_EQ(open("888", std::string(", dataset: ") + dataset)->query(*cells_),
              benchmark->query(*cells_, validation));
  }
}

TEST_F(NASBench201ProtocolsTest, ATrialSeesOneOfTheTrainingsAndAReportTheMean) {
  const auto benchmark = open("drawn");
  const ObjectiveFunction objective(*benchmark);
  const auto value = [&](std::uint64_t seed, std::uint64_t id, std::size_t cell) {
    return objective.outcome({.id = id, .architecture = cells_->at(cell), .fidelity = 200, .seed = seed}, 0)
        .value();
  };
  std::set<double> seen;
  int first = 0;
  constexpr int kTrials = 3000;
  for (int id = 1; id <= kTrials; ++id) {
    const double drawn = value(0, static_cast<std::uint64_t>(id), kOptimum);
    seen.insert(drawn);
    first += drawn == 91.684 ? 1 : 0;
  }
  EXPECT_THAT(seen, ElementsAre(91.416, 91.684, 91.72));
  EXPECT_NEAR(first, kTrials / 3, 4 * std::sqrt(kTrials * 2.0 / 9.0)) << "each is as likely as the others";
  for (std::uint64_t id = 1; id < 50; ++id)
    EXPECT_EQ(value(3, id, kOptimum), value(3, id, kOptimum)) << "a function of the trial";

  const auto without_999 = std::ranges::find(run("cifar10_valid_999"), -1.0);
  const auto cell = static_cast<std::size_t>(without_999 - run("cifar10_valid_999").begin());
  seen.clear();
  for (std::uint64_t seed = 0; seed < 100; ++seed) seen.insert(value(seed, 1, cell));
  EXPECT_EQ(seen, (std::set{run("cifar10_valid_777")[cell], run("cifar10_valid_888")[cell]}));

  EXPECT_EQ(benchmark->query(cells_->at(kOptimum)), 91.6067);
  EXPECT_EQ(Report(*benchmark).value(cells_->at(kOptimum)), 94.3733);
}

TEST_F(NASBench201ProtocolsTest, OnlyADrawnTrainingDependsOnTheTrial) {
  for (const char* protocol : {"mean", "777", "888", "999", "naslib", "drawn"}) {
    const auto benchmark = open(protocol);
    EXPECT_EQ(ability<const AnswersTrials>(*benchmark)->answers_trials(), std::string(protocol) == "drawn");
  }
}

TEST_F(NASBench201ProtocolsTest, SaysWhichAccuraciesAreNotAllPublished) {
  const auto partial = [](const std::string& protocol) {
    std::vector<std::string> names;
    for (const Metric& metric : open(protocol)->metrics())
      if (metric.partial && metric.name.ends_with("accuracy")) names.push_back(metric.name);
    return names;
  };
  EXPECT_THAT(partial("mean"), ElementsAre());
  EXPECT_THAT(partial("777"), ElementsAre("test_accuracy"));
  EXPECT_THAT(partial("888"), ElementsAre("test_accuracy"));
  EXPECT_THAT(partial("999"), ElementsAre("validation_accuracy", "test_accuracy"));
  EXPECT_THAT(partial("drawn"), ElementsAre());
  EXPECT_THAT(partial("naslib"), ElementsAre());
}

TEST_F(NASBench201ProtocolsTest, SingleTrainingsAreKnownAfter200EpochsAlone) {
  EXPECT_THAT(open("777")->epochs("validation_accuracy"), ElementsAre(200));
  EXPECT_THAT(open("mean")->epochs("validation_accuracy"), ElementsAre(12, 200));
  EXPECT_THAT(refusal("drawn", ", epochs: 12"),
              AllOf(HasSubstr("trainings of 12 epochs as their mean alone"), HasSubstr("epochs: 200")));
}

TEST_F(NASBench201ProtocolsTest, RefusesTrainingsThatAreNotPublished) {
  for (const char* protocol : {"777", "999", "drawn"}) {
    EXPECT_THAT(refusal(protocol, ", dataset: cifar100"),
                AllOf(HasSubstr("the trainings on cifar100 as their mean and that of seed 888"),
                      HasSubstr("mean, 888, naslib")));
    EXPECT_EQ(refusal(protocol), "no refusal");
  }
  EXPECT_THAT(refusal("77"), HasSubstr("nearest:  777"));
}

TEST_F(NASBench201ProtocolsTest, TheTableOfTrainingsIsReadWhereItIsNeeded) {
  EXPECT_THROW(open("777", ", runs_file: /nowhere/runs.csv.gz"), Error);
  EXPECT_NO_THROW(open("mean", ", runs_file: /nowhere/runs.csv.gz"));
}

}  // namespace
}  // namespace espalier
