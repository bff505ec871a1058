#include <gmock/gmock.h>

#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kCell =
    "|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|";

class Draw : public ProgramTest {
 protected:
  std::string draw(const std::vector<std::string>& arguments, const std::string& file) const {
    std::vector<std::string> command = {"draw"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"-o", file});
    const ProgramResult result = espalier(command);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out + result.err, IsEmpty());
    EXPECT_FALSE(fs::exists(folder_ / (file + ".tmp")));
    return text_of(folder_ / file);
  }
};

TEST_F(Draw, WritesTheFormatOfTheEnding) {
  EXPECT_THAT(draw({"nasbench201", kCell}, "cell.svg"),
              AllOf(HasSubstr("<svg"), HasSubstr("nor_conv_3x3"), HasSubstr("cell ×5"), HasSubstr("</svg>")));
  EXPECT_THAT(draw({"nasbench201", kCell}, "cell.PNG"), StartsWith("\x89PNG"));
  EXPECT_THAT(draw({"nasbench201", kCell}, "cell.pdf"), StartsWith("%PDF"));
  EXPECT_THAT(draw({"nasbench201", kCell}, "cell.dot"), StartsWith("digraph"));
}

TEST_F(Draw, ShowsWhatTheArchitectureHolds) {
  const std::string picture = draw({"nasbench201", kCell}, "cell.svg");
  EXPECT_THAT(picture, AllOf(HasSubstr("avg_pool_3x3"), HasSubstr("dashed: nothing passes (none)"),
                             HasSubstr("classifier")));
  EXPECT_THAT(picture, Not(HasSubstr("nor_conv_1x1")));
}

TEST_F(Draw, ShowsTheCandidatesOfASpace) {
  EXPECT_THAT(draw({"nasbench201"}, "space.svg"),
              AllOf(HasSubstr("one of"), HasSubstr("nor_conv_1x1"), Not(HasSubstr("dashed"))));
}

TEST_F(Draw, DrawsMotifsAndCellsOfSeveralInputs) {
  EXPECT_THAT(draw({"hierarchical"}, "hierarchical.svg"), AllOf(HasSubstr("motif_1"), HasSubstr("motif_6")));
  EXPECT_THAT(draw({"darts"}, "darts.svg"), AllOf(HasSubstr("input 2"), HasSubstr("concat")));
}

TEST_F(Draw, KeepsTheOldPictureWhereTheNewOneDoesNotFit) {
  write("cell.svg", "old");
  const ProgramResult full =
      run({"bash", "-c", "trap '' XFSZ; ulimit -f 1; '" + program() + "' draw nasbench201 -o cell.svg"});
  EXPECT_EQ(full.exit_code, 1);
  // Not at the start: where fontconfig has no cache yet, it says that it cannot write that either.
  EXPECT_THAT(full.err, AllOf(HasSubstr("espalier: cell.svg: cannot write"), HasSubstr("remedy: ")));
  EXPECT_EQ(text_of(folder_ / "cell.svg"), "old");
  EXPECT_FALSE(fs::exists(folder_ / "cell.svg.tmp"));
}

}  // namespace
}  // namespace espalier::testing
