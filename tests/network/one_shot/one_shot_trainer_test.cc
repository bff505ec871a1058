#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/cuda.h>

#include <nlohmann/json.hpp>

#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/report.h"
#include "espalier/search/trainer.h"
#include "network/training/memory_journal.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class OneShotTrainer : public ::testing::Test {
 protected:
  static constexpr const char* kSpace = "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}";
  static constexpr const char* kData = "{image_size: 8, classes: 4, train_size: 128, test_size: 16}";
  static constexpr const char* kTrainer = "{epochs: 3, batch_size: 16, crop_padding: 1, threads: 1}";

  Resources resources() const {
    if (!queried_) return {.dataset = data_.get()};
    return {.objective = &objective_, .report = &report_, .dataset = data_.get()};
  }

  SearchResult search(MemoryJournal& journal, const char* optimizer, const std::string& trainer = kTrainer,
                      const std::string& options = {}) {
    const auto strategy = host_.optimizer(optimizer, options);
    strategy->adapt({.space = *space_, .seed = 5});
    return host_.trainer("one_shot", trainer)->search(*strategy, resources(), journal);
  }

  /// What a config of these parts is refused with.
  std::string refusal(const char* optimizer, const Resources& resources,
                      const std::string& trainer = kTrainer) {
    const auto strategy = host_.optimizer(optimizer);
    strategy->adapt({.space = *space_, .seed = 5});
    try {
      host_.trainer("one_shot", trainer)->search(*strategy, resources);
    } catch (const UsageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench201", kSpace);
  std::unique_ptr<Dataset> data_ = host_.dataset("synthetic", kData);
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
  ObjectiveFunction objective_{*benchmark_};
  Report report_{*benchmark_};
  bool queried_ = true;
};

TEST_F(OneShotTrainer, EveryEpochTellsHowFarItIs) {
  MemoryJournal journal;
  const SearchResult result = search(journal, "gdas");
  EXPECT_THAT(journal.events, SizeIs(3));
  EXPECT_EQ(journal.reports, 3 * 4) << "64 images for the weights in batches of 16";
  for (std::size_t i = 0; i < journal.events.size(); ++i) {
    const json& event = journal.events[i];
    EXPECT_EQ(event.at("epoch"), i + 1);
    for (const char* key : {"train_loss", "validation_loss", "train_accuracy", "validation_accuracy"})
      EXPECT_GT(event.at(key).get<double>(), 0.0) << key;
    ASSERT_THAT(event.at("strengths"), SizeIs(6));
    for (const json& strengths : event.at("strengths")) {
      ASSERT_THAT(strengths, SizeIs(5));
      double sum = 0.0;
      for (const json& strength : strengths) sum += strength.get<double>();
      EXPECT_NEAR(sum, 1.0, 1e-12);
    }
    EXPECT_GT(event.at("entropy").get<double>(), 0.0);
    EXPECT_LE(event.at("entropy").get<double>(), std::log(5.0) + 1e-12);
    const Architecture architecture = space_->parse(event.at("architecture").get<std::string>());
    EXPECT_EQ(event.at("values").at(0), objective_.outcome(architecture).value());
    EXPECT_EQ(event.at("report"), report_.value(architecture).value());
    for (const std::string& dataset : benchmark_->datasets()) {
      EXPECT_EQ(event.at("benchmark").at(dataset).at("test_accuracy"),
                benchmark_->query(architecture, {.metric = "test_accuracy", .dataset = dataset}));
    }
  }
  EXPECT_EQ(space_->to_string(result.architecture), journal.events.back().at("architecture"));
  EXPECT_EQ(result.report, report_.value(result.architecture));
  ASSERT_TRUE(result.undecided.has_value());
  EXPECT_NEAR(*result.undecided, journal.events.back().at("entropy").get<double>() / std::log(5.0), 1e-12);
  EXPECT_EQ(journal.checkpoints, 3);
  EXPECT_THAT(journal.status, AllOf(HasSubstr("epoch 3 of 3, step 4 of 4"), HasSubstr("images/s")));
}

/// Half of the cells were not trained with the seed 999, no cell on CIFAR-100 alone, and the Edge TPU does
/// not run every cell: a search goes on without the values that nobody knows.
TEST_F(OneShotTrainer, GoesOnWhereABenchmarkLacksAValue) {
  const auto benchmark = host_.benchmark("nasbench201", *space_, "{protocol: 999}");
  const Report report(*benchmark);
  for (const char* metric : {"validation_accuracy", "edgetpu_latency"}) {
    const ObjectiveFunction objective(*space_,
                                      {.benchmarks = {benchmark.get()}, .metrics = {{.name = metric}}});
    std::size_t known = 0;
    std::size_t unknown = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const auto optimizer = host_.optimizer("gdas", "{architecture_learning_rate: 0.1}");
      optimizer->adapt({.space = *space_, .seed = seed});
      MemoryJournal journal;
      const SearchResult result =
          host_.trainer("one_shot", "{epochs: 4, batch_size: 64, threads: 1}")
              ->search(*optimizer, {.objective = &objective, .report = &report, .dataset = data_.get()},
                       journal);
      EXPECT_THAT(journal.events, SizeIs(4));
      for (const json& event : journal.events) {
        const Architecture cell = space_->parse(event.at("architecture").get<std::string>());
        const bool has_value = objective.allowed(cell);
        known += has_value ? 1 : 0;
        unknown += has_value ? 0 : 1;
        EXPECT_EQ(event.contains("values") && !event.at("values").empty(), has_value);
        EXPECT_FALSE(event.at("benchmark").contains("cifar100"));
      }
      EXPECT_EQ(result.values.empty(), !objective.allowed(result.architecture));
    }
    EXPECT_GT(known, 0U) << metric;
    EXPECT_GT(unknown, 0U) << metric;
  }
}

TEST_F(OneShotTrainer, TheSupernetLearns) {
  data_ = host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 512, test_size: 16}");
  MemoryJournal journal;
  search(journal, "darts", "{epochs: 8, batch_size: 32, crop_padding: 0, learning_rate: 0.1, threads: 1}");
  EXPECT_GT(journal.events.back().at("train_accuracy").get<double>(), 60.0) << "chance is 25";
  EXPECT_LT(journal.events.back().at("train_loss"), journal.events.front().at("train_loss"));
}

TEST_F(OneShotTrainer, ChecksWithinAnEpochWhereAsked) {
  MemoryJournal journal;
  search(journal, "gdas", "{epochs: 2, batch_size: 16, checkpoint_steps: 3}");
  EXPECT_EQ(journal.checkpoints, 2 + 2);
}

TEST_F(OneShotTrainer, ReportsAndResumesWhatFollowsTheLastEpoch) {
  const std::string options = "{generations: 2, population: 3, recalibration_batches: 1}";
  MemoryJournal whole;
  const SearchResult found = search(whole, "spos", kTrainer, options);
  EXPECT_THAT(whole.status, AllOf(HasSubstr("part 6"), HasSubstr("judged 6"), HasSubstr("best_accuracy")));
  ASSERT_THAT(whole.events, SizeIs(3));
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    EXPECT_FALSE(whole.events[epoch].contains("architecture")) << "nothing was judged yet";
    EXPECT_FALSE(whole.events[epoch].contains("validation_loss"));
  }
  const json& end = whole.events.back();
  EXPECT_EQ(end.at("epoch"), 3);
  EXPECT_EQ(end.at("figures").at("judged"), 6.0);
  EXPECT_EQ(end.at("architecture"), space_->to_string(found.architecture));
  EXPECT_EQ(end.at("values").at(0), found.values.at(0));

  for (const int parts : {1, 4, 6}) {
    MemoryJournal interrupted;
    interrupted.stop_after = 3 * 4 + parts;
    EXPECT_THROW(search(interrupted, "spos", kTrainer, options), Interrupted);
    interrupted.stop_after = 1'000'000;
    EXPECT_EQ(search(interrupted, "spos", kTrainer, options).architecture, found.architecture);
    EXPECT_EQ(interrupted.events, whole.events) << "stopped after part " << parts;
  }
}

TEST_F(OneShotTrainer, WithoutABenchmarkNothingIsQueried) {
  queried_ = false;
  MemoryJournal journal;
  const SearchResult result = search(journal, "gdas", "{epochs: 1, batch_size: 16}");
  EXPECT_FALSE(journal.events.front().contains("benchmark"));
  EXPECT_THAT(result.values, SizeIs(0));
  EXPECT_FALSE(result.report.has_value());
}

TEST_F(OneShotTrainer, RefusesWhatDoesNotFit) {
  EXPECT_THAT(refusal("random_search", resources()), AllOf(HasSubstr("random_search"), HasSubstr("darts")));
  EXPECT_THAT(refusal("gdas", {.objective = &objective_}), HasSubstr("needs a dataset"));
  const auto large = host_.dataset("synthetic", "{image_size: 16, classes: 4}");
  EXPECT_THAT(refusal("gdas", {.dataset = large.get()}), AllOf(HasSubstr("3×16×16"), HasSubstr("3×8×8")));
  const auto many = host_.dataset("synthetic", "{image_size: 8, classes: 7}");
  EXPECT_THAT(refusal("gdas", {.dataset = many.get()}),
              AllOf(HasSubstr("7 classes"), HasSubstr("leave classes out")));
  EXPECT_THAT(refusal("gdas", resources(), "{batch_size: 65}"), HasSubstr("65"));
  EXPECT_THAT(refusal("gdas", resources(), "{images: 1}"), HasSubstr("image"));
  if (!torch::cuda::is_available()) {
    EXPECT_THAT(refusal("gdas", resources(), "{device: cuda}"), AllOf(HasSubstr("CUDA"), HasSubstr("cpu")));
  }
}

TEST_F(OneShotTrainer, RefusesADamagedCheckpoint) {
  MemoryJournal good;
  good.stop_after = 2;
  EXPECT_THROW(search(good, "gdas"), Interrupted);
  for (const char* missing : {"optimizer", "epoch", "totals"}) {
    MemoryJournal damaged;
    json state = json::from_cbor(good.bytes);
    state.erase(missing);
    damaged.bytes = json::to_cbor(state);
    EXPECT_THROW(search(damaged, "gdas"), Error) << missing;
  }
  MemoryJournal other;
  other.bytes = good.bytes;
  space_ = host_.search_space("nasbench201", "{channels: 8, cells_per_stage: 1, image_size: 8, classes: 4}");
  EXPECT_THROW(search(other, "gdas"), Error) << "of a network of another size";
}

TEST_F(OneShotTrainer, PassesCanBeLeftOut) {
  MemoryJournal reference;
  search(reference, "gdas", "{epochs: 1, batch_size: 16, device: cpu, compile: {reference: true}}");
  MemoryJournal compiled;
  search(compiled, "gdas", "{epochs: 1, batch_size: 16, device: cpu, compile: {merge_convolutions: false}}");
  EXPECT_NEAR(reference.events.front().at("train_loss").get<double>(),
              compiled.events.front().at("train_loss").get<double>(), 1e-3);
  try {
    host_.trainer("one_shot", "{compile: {fan_ou: false}}");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("fan_ou"), HasSubstr("fan_out")));
  }
}

TEST_F(OneShotTrainer, EndsOnTheMostProbableArchitectureThatTheConstraintsAllow) {
  MemoryJournal free;
  const Architecture unconstrained = search(free, "darts").architecture;
  const auto parameters = static_cast<double>(space_->parameters(unconstrained));
  const ObjectiveFunction small(
      *space_,
      {.benchmarks = {benchmark_.get()}, .constraints = {{.metric = "parameters", .max = parameters - 1.0}}});
  const auto strategy = host_.optimizer("darts");
  strategy->adapt(small.problem(5));
  const SearchResult result =
      host_.trainer("one_shot", kTrainer)->search(*strategy, {.objective = &small, .dataset = data_.get()});
  EXPECT_LT(space_->parameters(result.architecture), space_->parameters(unconstrained));

  const ObjectiveFunction impossible(
      *space_, {.benchmarks = {benchmark_.get()}, .constraints = {{.metric = "parameters", .max = 1.0}}});
  const auto other = host_.optimizer("darts");
  other->adapt(impossible.problem(5));
  try {
    host_.trainer("one_shot", kTrainer)->search(*other, {.objective = &impossible, .dataset = data_.get()});
    FAIL() << "it ended on an architecture that is not allowed";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("refuse every architecture"));
  }
}

}  // namespace
}  // namespace espalier::testing
