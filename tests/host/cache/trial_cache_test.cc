#include <gmock/gmock.h>

#include "host/cache/cache_fixture.h"

// The trials of a benchmark that trains are kept in the cache, too.
namespace espalier::host::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class TrialCacheTest : public CacheTest {
 protected:
  /// Searches a space of two architectures.
  std::string searching(const std::string& options = "") const {
    return "search_space: good\noptimizer: random_search\nbenchmark: {name: trains" + options +
           "}\ndataset: sampled\ntrainer: {name: discrete, trials: 20}\nseeds: 0..1\n";
  }
};

TEST_F(TrialCacheTest, ATrialIsReusedByAnotherRun) {
  run_into("without", searching());
  const std::size_t all = trained();
  EXPECT_GE(all, 2U);
  run_into("first", with_cache(searching()));
  EXPECT_EQ(trained(), all + 2) << "each architecture once";
  run_into("second", with_cache(searching()));
  EXPECT_EQ(trained(), all + 2);
  EXPECT_THAT(entries(), SizeIs(2));
  for (const char* directory : {"first", "second"})
    EXPECT_THAT(differing(results_of(directory), results_of("without")), IsEmpty()) << directory;
}

TEST_F(TrialCacheTest, OtherOptionsAreOtherTrials) {
  run_into("first", with_cache(searching()));
  run_into("second", with_cache(searching(", build: other")));
  EXPECT_EQ(trained(), 4U);
  ::setenv("ESPALIER_FIXTURE_IMAGES", "pixels", 1);
  run_into("third", with_cache(searching()));
  EXPECT_EQ(trained(), 6U);
}

TEST_F(TrialCacheTest, WhatCannotBeRepeatedIsNotKept) {
  run_into("first", with_cache(searching(", repeats: false")));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(TrialCacheTest, ADamagedEntryIsTrainedAgain) {
  run_into("first", with_cache(searching()));
  EXPECT_EQ(trained(), 2U);
  for (const fs::path& entry : entries()) write_text(entry / "entry.json", "{}");
  run_into("second", with_cache(searching()));
  EXPECT_EQ(trained(), 4U);
  run_into("third", with_cache(searching()));
  EXPECT_EQ(trained(), 4U);
  EXPECT_THAT(differing(results_of("second"), results_of("first")), IsEmpty());
}

}  // namespace
}  // namespace espalier::host::testing
