#include <gmock/gmock.h>

#include <limits>

#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/random/random.h"
#include "network/one_shot/trainer_fixture.h"

namespace espalier::testing {
namespace {

using nlohmann::json;

/// Trains single paths, and judges four of them after the last epoch, one in each part of its finish. The
/// weights go on learning there.
struct JudgedPaths {
  static constexpr std::uint64_t kJudged = 4;

  explicit JudgedPaths(const SearchSpace& searched) : space(searched), path(searched) {
    optimizer.on_relax = [this](const at::Tensor&, std::size_t choice) { return path.weighting(choice); };
    optimizer.on_step = [this](const Batch& train, const Batch&) {
      Rng rng(optimizer.seed(), "path", optimizer.steps());
      path.take(space.sample(rng));
      return StepResult{.train = optimizer.weight_step(train), .validation = {}};
    };
    optimizer.on_end_epoch = [this](int, SearchImages& images) {
      ends.push_back(judge(0, images));
      return ends.size() % 2 == 1;
    };
    optimizer.on_finish = [this](SearchImages& images) {
      optimizer.weight_step(images.train(judged));
      const double loss = judge(1000 * judged, images);
      if (loss < best_loss) {
        best_loss = loss;
        best = 1000 * judged;
      }
      return ++judged < kJudged;
    };
    optimizer.on_has_found = [this] { return judged > 0; };
    optimizer.on_final_architecture = [this] { return space.at(best); };
    optimizer.on_figures = [this] {
      return std::map<std::string, double>{{"judged", judged}, {"ends", ends.size()}};
    };
    optimizer.on_save = [this](json& state) {
      state["search"] = {ends, judged, best};
      if (judged > 0) state["best_loss"] = best_loss;
    };
    optimizer.on_load = [this](const json& state) {
      state.at("search").at(0).get_to(ends);
      state.at("search").at(1).get_to(judged);
      state.at("search").at(2).get_to(best);
      best_loss = state.value("best_loss", best_loss);
    };
  }

  double judge(std::uint64_t architecture, SearchImages& images) {
    path.take(space.at(architecture));
    return InheritedAccuracy{.recalibration_batches = 2}.measure(optimizer.network(), images).loss;
  }

  const SearchSpace& space;
  SinglePath path;
  HookedOptimizer optimizer{HookedOptimizer::WithoutAlphas()};
  std::vector<double> ends;  ///< the losses that were measured after each epoch, in two parts
  std::uint64_t judged = 0;
  std::uint64_t best = 0;
  double best_loss = std::numeric_limits<double>::infinity();
};

using Finish = DrivenSearch;

TEST_F(Finish, ASearchThatIsInterruptedGoesOnToTheSameEnd) {
  MemoryJournal undisturbed;
  JudgedPaths whole(*space_);
  const SearchResult expected = search(whole.optimizer, undisturbed, ", epochs: 2");
  EXPECT_EQ(whole.judged, JudgedPaths::kJudged);
  EXPECT_EQ(undisturbed.reports, 2 * (4 + 1) + 3) << "steps, and the parts after which something was left";
  EXPECT_EQ(undisturbed.checkpoints, 2) << "after each epoch";

  for (int stop = 4; stop <= 13; ++stop) {  // in both epochs, after their last steps, and between all parts
    MemoryJournal journal;
    journal.stop_after = stop;
    JudgedPaths interrupted(*space_);
    EXPECT_THROW(search(interrupted.optimizer, journal, ", epochs: 2"), Interrupted) << stop;
    EXPECT_EQ(interrupted.judged, std::max(0, stop - 10));
    journal.stop_after = 1'000'000;
    JudgedPaths resumed(*space_);
    const SearchResult result = search(resumed.optimizer, journal, ", epochs: 2");
    EXPECT_EQ(journal.reports, undisturbed.reports) << "nothing was done twice";
    EXPECT_EQ(journal.events, undisturbed.events) << stop;
    EXPECT_EQ(result.architecture, expected.architecture);
    EXPECT_EQ(resumed.best_loss, whole.best_loss) << "bit for bit";
    EXPECT_EQ(resumed.optimizer.save(), whole.optimizer.save());
  }
}

TEST_F(Finish, EventsLeaveOutWhatTheOptimizerDoesNotHave) {
  MemoryJournal journal;
  JudgedPaths paths(*space_);
  const SearchResult result = search(paths.optimizer, journal, ", epochs: 2");
  ASSERT_EQ(journal.events.size(), 2U);
  for (const json& event : journal.events) {
    EXPECT_GT(event.at("train_loss").get<double>(), 0.0);
    for (const char* absent : {"validation_loss", "validation_accuracy", "strengths", "entropy"})
      EXPECT_FALSE(event.contains(absent)) << absent;
  }
  const json& first = journal.events[0];
  EXPECT_EQ(first.at("epoch"), 1);
  EXPECT_EQ(first.at("figures"), json({{"ends", 2.0}, {"judged", 0.0}}));
  for (const char* absent : {"architecture", "values", "report", "benchmark"})
    EXPECT_FALSE(first.contains(absent)) << absent;

  const json& last = journal.events[1];
  EXPECT_EQ(last.at("epoch"), 2);
  EXPECT_EQ(last.at("figures"), json({{"ends", 4.0}, {"judged", 4.0}})) << "with all that finish() did";
  EXPECT_EQ(last.at("architecture"), space_->to_string(result.architecture));
  EXPECT_EQ(last.at("values").get<std::vector<double>>(), result.values);
  EXPECT_EQ(last.at("report"), report_.value(result.architecture).value());
  EXPECT_TRUE(last.contains("benchmark"));
}

TEST_F(Finish, FiguresAreLeftOutWhereThereAreNone) {
  MemoryJournal journal;
  HookedOptimizer plain;
  search(plain, journal, ", epochs: 1");
  EXPECT_FALSE(journal.events.front().contains("figures"));
  for (const char* present : {"validation_loss", "strengths", "entropy", "architecture"})
    EXPECT_TRUE(journal.events.front().contains(present)) << present;
}

TEST_F(Finish, TheValidationLossIsThatOfTheStepsThatHadOne) {
  MemoryJournal journal;
  HookedOptimizer optimizer;
  optimizer.on_step = [&](const Batch& train, const Batch&) {
    StepResult result{.train = optimizer.evaluate(train), .validation = {}};
    const auto step = static_cast<double>(optimizer.steps());
    if (optimizer.steps() % 2 == 1) result.validation = {.loss = step, .correct = step / 8.0};
    return result;
  };
  optimizer.on_learns_architecture = [](int epoch) { return epoch == 0; };
  search(optimizer, journal, ", epochs: 1");
  EXPECT_EQ(journal.events[0].at("validation_loss"), 2.0) << "the mean of 1 and 3";
  EXPECT_EQ(journal.events[0].at("validation_accuracy"), 25.0);
}

}  // namespace
}  // namespace espalier::testing
