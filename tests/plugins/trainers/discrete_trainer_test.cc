#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/report.h"
#include "espalier/space/architecture_json.h"

namespace espalier {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// Keeps what a run directory would: the last checkpoint, and the events up to it. Its text survives a kill.
class MemoryJournal : public Journal {
 public:
  /// Thrown in the middle of a search: the process is gone.
  struct Killed {};

  void event(const TrialEvent& event) override {
    if (kill_after && events.size() == *kill_after) throw Killed{};
    events.push_back(to_line(event));
  }
  void event(const EpochEvent&) override { ADD_FAILURE() << "a discrete search has no epochs"; }
  bool checkpoint_due() override { return checkpoint_every > 0 && events.size() % checkpoint_every == 0; }
  void checkpoint(const json& state) override {
    kept = state.dump();
    kept_events = events;
  }
  std::optional<json> restore() override {
    if (kept.empty()) {
      events.clear();
      return std::nullopt;
    }
    events = kept_events;
    return json::parse(kept);
  }
  void keep_weights(std::string_view) override { ADD_FAILURE() << "a discrete search trains nothing"; }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view) override {
    last_progress = {done, total};
  }
  bool stop_requested() const override { return stop_after && events.size() >= *stop_after; }

  std::size_t checkpoint_every = 1;
  std::optional<std::size_t> kill_after;
  std::optional<std::size_t> stop_after;
  std::vector<json> events;
  std::vector<json> kept_events;
  std::string kept;
  std::pair<std::uint64_t, std::uint64_t> last_progress;
};

struct Found {
  explicit Found(const SearchResult& found, std::vector<json> lines)
      : result(found), events(std::move(lines)) {}
  SearchResult result;
  std::vector<json> events;

  friend bool operator==(const Found& a, const Found& b) {
    return a.events == b.events && a.result.architecture == b.result.architecture &&
           a.result.values == b.result.values && a.result.report == b.result.report &&
           a.result.trials == b.result.trials && a.result.seconds == b.result.seconds;
  }
};

/// Finds itself by gradients, say: nothing to ask.
class OtherOptimizer : public Optimizer {
 public:
  OtherOptimizer() { set_name("darts"); }
  Architecture final_architecture_impl() const override { return {}; }
};

class DiscreteTrainerTest : public ::testing::Test {
 protected:
  DiscreteTrainerTest()
      : space_(host_.search_space("nasbench201")),
        benchmark_(host_.benchmark("nasbench201", *space_)),
        objective_(*benchmark_),
        report_(*benchmark_) {}

  Resources resources() const { return {.objective = &objective_, .report = &report_}; }

  SearchResult search(const std::string& optimizer, const std::string& options, Journal& journal,
                      const std::string& optimizer_options = "") {
    const auto strategy = host_.optimizer(optimizer, optimizer_options);
    strategy->adapt(objective_.problem(11));
    return host_.trainer("discrete", options)->search(*strategy, resources(), journal);
  }
  Found outcome(const std::string& optimizer, const std::string& options, MemoryJournal& journal) {
    const SearchResult result = search(optimizer, options, journal, optimizer_options(optimizer));
    return Found(result, journal.events);
  }
  static std::string optimizer_options(const std::string& optimizer) {
    return optimizer == "regularized_evolution" ? "{population_size: 6, sample_size: 3}" : "";
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Benchmark> benchmark_;
  ObjectiveFunction objective_;
  Report report_;
};

TEST_F(DiscreteTrainerTest, EveryEvaluationIsAnEvent) {
  MemoryJournal journal;
  const SearchResult result = search("random_search", "{trials: 50}", journal);
  ASSERT_EQ(journal.events.size(), 50U);

  double best = -1.0;
  double test_of_best = -1.0;
  double seconds = 0.0;
  Architecture best_architecture;
  for (std::size_t i = 0; i < journal.events.size(); ++i) {
    const json& line = journal.events[i];
    const Architecture architecture = space_->parse(line.at("architecture").get<std::string>());
    const Outcome outcome = objective_.outcome(architecture);
    if (outcome.value() > best) {
      best = outcome.value();
      best_architecture = architecture;
      test_of_best = benchmark_->query(architecture, {.metric = "test_accuracy"});
    }
    seconds += outcome.seconds;
    EXPECT_EQ(line, (json{{"trial", i + 1},
                          {"architecture", space_->to_string(architecture)},
                          {"fidelity", 200},
                          {"values", {outcome.value()}},
                          {"seconds", outcome.seconds},
                          {"best", best},
                          {"best_report", test_of_best}}));
  }
  EXPECT_EQ(result.architecture, best_architecture);
  EXPECT_THAT(result.values, ::testing::ElementsAre(best));
  EXPECT_EQ(result.report, test_of_best);
  EXPECT_EQ(result.fidelity, 200);
  EXPECT_EQ(result.trials, 50U);
  EXPECT_DOUBLE_EQ(result.seconds, seconds);
  EXPECT_EQ(journal.last_progress, (std::pair<std::uint64_t, std::uint64_t>{50, 50}));
}

TEST_F(DiscreteTrainerTest, KilledAtEveryEvaluationItEndsAlike) {
  for (const char* optimizer : {"random_search", "regularized_evolution", "local_search"}) {
    for (const char* options : {"{trials: 30}", "{trials: 30, asked_ahead: 4}"}) {
      MemoryJournal undisturbed;
      const Found whole = outcome(optimizer, options, undisturbed);
      for (std::size_t kill = 0; kill < 30; ++kill) {
        for (const std::size_t every : {1U, 7U}) {
          MemoryJournal journal;
          journal.checkpoint_every = every;
          journal.kill_after = kill;
          EXPECT_THROW(outcome(optimizer, options, journal), MemoryJournal::Killed);
          journal.kill_after.reset();
          ASSERT_EQ(outcome(optimizer, options, journal), whole)
              << optimizer << options << " killed at " << kill << ", checkpoint every " << every;
        }
      }
    }
  }
}

/// Outcomes that depend on the seed and id of a trial, also of one that was pending in a checkpoint.
TEST_F(DiscreteTrainerTest, KilledWithADrawnTrainingForEachTrialItEndsAlike) {
  const auto drawn = host_.benchmark("nasbench201", *space_, "{protocol: drawn}");
  const ObjectiveFunction objective(*drawn);
  const auto search = [&](MemoryJournal& journal, std::uint64_t seed) {
    const auto optimizer = host_.optimizer("regularized_evolution", "{population_size: 6, sample_size: 3}");
    optimizer->adapt(objective.problem(seed));
    const auto trainer = host_.trainer("discrete", "{trials: 20, asked_ahead: 4}");
    const SearchResult result =
        trainer->search(*optimizer, {.objective = &objective, .report = &report_}, journal);
    return Found(result, journal.events);
  };
  MemoryJournal undisturbed;
  const Found whole = search(undisturbed, 11);
  MemoryJournal of_another_seed;
  EXPECT_NE(whole.events, search(of_another_seed, 12).events);
  for (std::size_t kill = 0; kill < 20; ++kill) {
    MemoryJournal journal;
    journal.checkpoint_every = 3;
    journal.kill_after = kill;
    EXPECT_THROW(search(journal, 11), MemoryJournal::Killed);
    journal.kill_after.reset();
    ASSERT_EQ(search(journal, 11), whole) << kill;
  }
}

TEST_F(DiscreteTrainerTest, StoppedAtEveryEvaluationItCheckpointsAndEndsAlike) {
  MemoryJournal undisturbed;
  const Found whole = outcome("regularized_evolution", "{trials: 20, asked_ahead: 3}", undisturbed);
  MemoryJournal journal;  // one journal: stopped after each evaluation, over and over
  journal.checkpoint_every = 0;
  for (std::size_t stop = 1; stop < 20; ++stop) {
    journal.stop_after = stop;
    EXPECT_THROW(outcome("regularized_evolution", "{trials: 20, asked_ahead: 3}", journal), Interrupted);
    ASSERT_EQ(journal.kept_events.size(), stop);
  }
  journal.stop_after.reset();
  EXPECT_EQ(outcome("regularized_evolution", "{trials: 20, asked_ahead: 3}", journal), whole);
}

TEST_F(DiscreteTrainerTest, AFinishedSearchThatIsRestoredIsFinished) {
  MemoryJournal journal;
  const Found whole = outcome("random_search", "{trials: 10}", journal);
  EXPECT_EQ(outcome("random_search", "{trials: 10}", journal), whole);
}

TEST_F(DiscreteTrainerTest, StopsWhenItsBudgetOfSecondsIsSpent) {
  MemoryJournal unlimited;
  search("random_search", "{trials: 40}", unlimited);
  double budget = 0.0;
  for (std::size_t i = 0; i < 12; ++i) budget += unlimited.events[i].at("seconds").get<double>();

  MemoryJournal journal;
  const SearchResult result =
      search("random_search", "{trials: 40, budget_seconds: " + std::to_string(budget - 1.0) + "}", journal);
  EXPECT_EQ(result.trials, 12U);
  EXPECT_NEAR(result.seconds, budget, 1e-6);
  EXPECT_EQ(journal.events, std::vector<json>(unlimited.events.begin(), unlimited.events.begin() + 12));
}

TEST_F(DiscreteTrainerTest, AsksNoMoreThanItEvaluates) {
  MemoryJournal journal;
  const auto strategy = host_.optimizer("random_search");
  strategy->adapt(objective_.problem(0));
  const auto trainer = host_.trainer("discrete", "{trials: 5, asked_ahead: 3}");
  EXPECT_EQ(trainer->search(*strategy, resources(), journal).trials, 5U);
  const json state = strategy->save();
  EXPECT_EQ(state.at("asked"), 5);
  EXPECT_EQ(state.at("told"), 5);
}

TEST_F(DiscreteTrainerTest, RefusesWhatItCannotDrive) {
  const auto trainer = host_.trainer("discrete");
  OtherOptimizer other;
  other.adapt({.space = *space_, .seed = 0});
  const auto error_of = [](const std::function<void()>& action) -> std::string {
    try {
      action();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(error_of([&] { trainer->search(other, resources()); }),
              AllOf(HasSubstr("\"discrete\""), HasSubstr("\"darts\"")));
  const auto strategy = host_.optimizer("random_search");
  strategy->adapt({.space = *space_, .seed = 0});
  EXPECT_THAT(error_of([&] { trainer->search(*strategy, {}); }), HasSubstr("benchmark"));
}

TEST_F(DiscreteTrainerTest, RefusesOptionsOutOfRange) {
  for (const char* options : {"{trials: 0}", "{trials: -1}", "{trials: 1.5}", "{asked_ahead: 0}",
                              "{budget_seconds: -1}", "{evaluatons: 10}"}) {
    EXPECT_THROW(host_.trainer("discrete", options), UsageError) << options;
  }
}

TEST_F(DiscreteTrainerTest, RefusesADamagedCheckpoint) {
  MemoryJournal good;
  good.stop_after = 5;
  EXPECT_THROW(search("random_search", "{trials: 10}", good), Interrupted);
  const json state = json::parse(good.kept);

  const auto refuses = [&](const json& damaged) {
    MemoryJournal journal;
    journal.kept = damaged.dump();
    EXPECT_THROW(search("random_search", "{trials: 10}", journal), Error) << damaged;
  };
  refuses(json::array());
  refuses("text");
  for (const char* key : {"optimizer", "seconds", "best_at"}) {
    json damaged = state;
    damaged.erase(key);
    refuses(damaged);
    damaged[key] = "text";
    refuses(damaged);
  }
  json future = state;
  future["best_at"] = 6;
  refuses(future);

  MemoryJournal other_optimizer;
  other_optimizer.kept = good.kept;
  EXPECT_THROW(search("local_search", "{trials: 10}", other_optimizer), Error);
}

}  // namespace
}  // namespace espalier
