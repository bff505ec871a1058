#include "espalier/trainer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "espalier/benchmark.h"
#include "espalier/graph_data.h"
#include "espalier/optimizer.h"
#include "espalier/primitives.h"

namespace espalier {
namespace {

class EdgeSpace : public SearchSpace {
 public:
  EdgeSpace() {
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::identity()});
    define(std::move(cell), {}, {3, 8, 8});
  }
};

class FixedOptimizer : public Optimizer {
 public:
  Architecture do_final_architecture() const override { return {1}; }
  nlohmann::json do_save() const override { return 7; }
  void do_load(const nlohmann::json&) override {}
  int adapted_times = 0;

 protected:
  void on_adapt() override {
    adapted_times += space().choices().size() == 1 && seed() == 5 ? 1 : 100;  // both are set already
  }
};

class OneStepTrainer : public Trainer {
 public:
  Journal* journal = nullptr;

 protected:
  SearchResult do_search(Optimizer& optimizer, const Resources&, Journal& given) override {
    journal = &given;
    given.event({{"step", 1}});
    given.checkpoint(optimizer.save());
    given.progress(1, 1);
    EXPECT_FALSE(given.checkpoint_due());
    EXPECT_FALSE(given.stop_requested());
    EXPECT_FALSE(given.restore().has_value());
    return {.architecture = optimizer.final_architecture(), .validation = {}, .test = {}, .evaluations = 1};
  }
};

TEST(TrainerTest, SearchesWithAndWithoutAJournal) {
  const EdgeSpace space;
  FixedOptimizer optimizer;
  optimizer.adapt(space, 5);
  EXPECT_EQ(optimizer.adapted_times, 1);
  OneStepTrainer trainer;
  NullJournal journal;
  EXPECT_EQ(trainer.search(optimizer, {}, journal).architecture, (Architecture{1}));
  EXPECT_EQ(trainer.journal, &journal);
  EXPECT_EQ(trainer.search(optimizer, {}).evaluations, 1U);
  EXPECT_NE(trainer.journal, nullptr);
}

TEST(TrainerTest, RefusesAnOptimizerWithoutASpace) {
  FixedOptimizer optimizer;
  OneStepTrainer trainer;
  EXPECT_THROW(trainer.search(optimizer, {}), Error);
  EXPECT_EQ(trainer.journal, nullptr);
}

TEST(TrainerTest, InterruptedIsAnErrorOfItsOwn) {
  const Interrupted interrupted({.what = "stopped", .remedy = "go on"});
  EXPECT_EQ(interrupted.details().what, "stopped");
  EXPECT_NE(dynamic_cast<const Error*>(&interrupted), nullptr);
}

}  // namespace
}  // namespace espalier
