#include <gmock/gmock.h>

#include "network/one_shot/one_edge.h"
#include "network/one_shot/trainer_fixture.h"

namespace espalier::testing {
namespace {

TEST(EndSearch, IsSaved) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.begin(space).begin_epoch(0);
  optimizer.step(batch(1), batch(2));
  EXPECT_FALSE(optimizer.has_ended());
  HookedOptimizer going;
  going.begin(space).load(optimizer.save());
  EXPECT_FALSE(going.has_ended());
  optimizer.end_search();
  EXPECT_TRUE(optimizer.has_ended());
  HookedOptimizer ended;
  ended.begin(space).load(optimizer.save());
  EXPECT_TRUE(ended.has_ended());
}

using EarlyEnd = DrivenSearch;

TEST_F(EarlyEnd, NoFurtherEpochBegins) {
  MemoryJournal journal;
  HookedOptimizer optimizer;
  std::vector<int> epochs;
  optimizer.on_begin_epoch = [&](int epoch) { epochs.push_back(epoch); };
  optimizer.on_end_epoch = [&](int epoch, SearchImages&) {
    if (epoch == 1) optimizer.end_search();
    return false;
  };
  const SearchResult result = search(optimizer, journal, ", epochs: 5");
  EXPECT_EQ(result.epochs, 2U);
  EXPECT_THAT(epochs, ::testing::ElementsAre(0, 1));
  ASSERT_EQ(journal.events.size(), 2U);
  EXPECT_EQ(journal.events.back().at("epoch"), 2);
  EXPECT_EQ(journal.events.back().at("architecture"), space_->to_string(result.architecture));
  EXPECT_EQ(journal.checkpoints, 2);
}

TEST_F(EarlyEnd, TheEpochThatIsUnderWayGoesOnAfterAResume) {
  const auto ending = [] {
    auto optimizer = std::make_unique<HookedOptimizer>();
    HookedOptimizer& self = *optimizer;
    optimizer->on_step = [&self](const Batch& train, const Batch& validation) {
      if (self.steps() == 5) self.end_search();  // the second step of the second epoch
      StepResult result;
      result.validation = self.architecture_step(train, validation);
      result.train = self.weight_step(train);
      return result;
    };
    return optimizer;
  };
  MemoryJournal undisturbed;
  const SearchResult expected = search(*ending(), undisturbed, ", epochs: 5");
  EXPECT_EQ(expected.epochs, 2U);
  EXPECT_EQ(undisturbed.reports, 2 * 4) << "the second epoch has all of its steps";
  for (int stop = 6; stop <= 8; ++stop) {
    MemoryJournal journal;
    journal.stop_after = stop;
    EXPECT_THROW(search(*ending(), journal, ", epochs: 5"), Interrupted);
    journal.stop_after = 1'000'000;
    EXPECT_EQ(search(*ending(), journal, ", epochs: 5").epochs, 2U);
    EXPECT_EQ(journal.reports, undisturbed.reports);
    EXPECT_EQ(journal.events, undisturbed.events);
    EXPECT_EQ(journal.bytes, undisturbed.bytes);
  }
}

}  // namespace
}  // namespace espalier::testing
