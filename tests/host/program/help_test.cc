#include <gmock/gmock.h>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;

using Help = ProgramTest;

TEST_F(Help, OfACommandIsWhatItsOptionPrints) {
  EXPECT_EQ(espalier({"help"}).out, espalier({"--help"}).out);
  EXPECT_EQ(espalier({"help", "run"}).out, espalier({"run", "--help"}).out);
  EXPECT_EQ(espalier({"help", "help"}).out, espalier({"help", "--help"}).out);
  const ProgramResult nested = espalier({"help", "plugins", "check"});
  EXPECT_EQ(nested.exit_code, 0) << nested.err;
  EXPECT_EQ(nested.out, espalier({"plugins", "check", "--help"}).out);
}

TEST_F(Help, OfAnUnknownCommandIsRefused) {
  expect_one_error(espalier({"help", "smaple"}), 2, {"\"smaple\"", "nearest:  sample"});
  expect_one_error(espalier({"help", "plugins", "chekc"}), 2, {"`espalier plugins`", "nearest:  check"});
}

}  // namespace
}  // namespace espalier::testing
