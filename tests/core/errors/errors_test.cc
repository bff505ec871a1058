#include "espalier/errors/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace espalier {
namespace {

TEST(Error, PrintsEveryPartOnItsLine) {
  const Error error({.what = "unknown option 'sise'",
                     .where = "run.yaml:3:5",
                     .expected = "one of size and seed",
                     .nearest = "size",
                     .remedy = "correct the key"});
  EXPECT_STREQ(error.what(),
               "run.yaml:3:5: unknown option 'sise'\n"
               "  expected: one of size and seed\n"
               "  nearest:  size\n"
               "  remedy:   correct the key");
}

TEST(Error, LeavesOutWhatIsEmpty) {
  EXPECT_STREQ(Error({.what = "the disk is full"}).what(), "the disk is full");
  EXPECT_STREQ(Error({.what = "full", .remedy = "make room"}).what(), "full\n  remedy:   make room");
}

TEST(Error, KeepsItsParts) {
  const Error error({.what = "w", .where = "x", .nearest = "n"});
  EXPECT_EQ(error.details().where, "x");
  EXPECT_EQ(error.details().nearest, "n");
  EXPECT_TRUE(error.details().remedy.empty());
}

TEST(Error, AUsageErrorIsAnErrorAndTheReverseIsNot) {
  static_assert(std::is_base_of_v<Error, UsageError> && !std::is_base_of_v<UsageError, Error>);
  EXPECT_THROW(throw UsageError({.what = "x"}), Error);
}

}  // namespace
}  // namespace espalier
