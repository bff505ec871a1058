#include "espalier/host/report/table.h"

#include <gmock/gmock.h>

#include <sstream>

namespace espalier::host {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::size_t> widths_of(const std::string& text) {
  std::vector<std::size_t> widths;
  for (const std::string& line : lines_of(text)) widths.push_back(text_width(line));
  return widths;
}

Table table_of_options() {
  Table table({{"OPTION"}, {"DEFAULT", Table::Align::right}, {"HELP"}});
  table.add({"epochs", "50", "how many times the search sees all of its images before it ends"});
  table.add({"batch_size", "256", "how many images a step has"});
  return table;
}

TEST(Fold, BreaksLinesAtSpacesAndBehindSlashes) {
  EXPECT_THAT(fold("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(fold("/usr/lib/espalier/plugin.so", 10), ElementsAre("/usr/lib/", "espalier/", "plugin.so"));
  EXPECT_THAT(fold("short", 10), ElementsAre("short"));
  EXPECT_THAT(fold("|nor_conv_3x3~0|+|none~0|", 10), ElementsAre("|nor_conv_3x3~0|+|none~0|"));
  EXPECT_THAT(fold("±± ±±", 3), ElementsAre("±±", "±±"));
}

TEST(Table, IsAsWideAsItsTextsWhereNothingBreaksThem) {
  EXPECT_EQ(table_of_options().render({}),
            "OPTION      DEFAULT  HELP\n"
            "────────────────────────────────────────────────────────────────────────────────────\n"
            "epochs           50  how many times the search sees all of its images before it ends\n"
            "batch_size      256  how many images a step has\n");
}

TEST(Table, FoldsLongTextsWithinTheirColumn) {
  EXPECT_EQ(table_of_options().render({.width = 52}),
            "OPTION      DEFAULT  HELP\n"
            "────────────────────────────────────────────────────\n"
            "epochs           50  how many times the search sees\n"
            "                     all of its images before it\n"
            "                     ends\n"
            "batch_size      256  how many images a step has\n");
}

TEST(Table, SplitsWhereFoldingDoesNotSuffice) {
  Table table({{"optimizer"}, {"validation %"}, {"test %"}, {"regret"}});
  table.add({"random_search", "91.39 ± 0.13", "94.08 ± 0.22", "0.29"});
  const std::string text = table.render({.width = 40, .ruled = false});
  EXPECT_THAT(widths_of(text), Each(Le(40U)));
  EXPECT_EQ(text,
            "optimizer      validation %\n"
            "random_search  91.39 ± 0.13\n"
            "\n"
            "optimizer      test %        regret\n"
            "random_search  94.08 ± 0.22  0.29\n");
}

TEST(Table, LeavesColumnsOutThatSayNothing) {
  Table table({{"optimizer"}, {"95 % interval"}, {"best"}});
  table.add({"gdas", "-", "92.29"});
  table.add_rule();
  table.add({"darts", "–", "-"});
  const std::string text = table.render({});
  EXPECT_THAT(text, AllOf(Not(HasSubstr("interval")), HasSubstr("best"), HasSubstr("92.29")));
  Table empty({{"optimizer"}, {"best"}});
  EXPECT_THAT(empty.render({.ruled = false}), StartsWith("optimizer  best"));
}

TEST(Table, FitsAnyTerminal) {
  Table table({{"KIND"}, {"FILE"}, {"STATE"}});
  table.add({"optimizer", "/usr/local/lib/espalier/plugins/optimizer_regularized_evolution.so",
             "was built for another ABI, so it would read other members than those that are there"});
  for (std::size_t width = 46; width <= 200; ++width)
    EXPECT_THAT(widths_of(table.render({.width = width})), Each(Le(width))) << width;
}

}  // namespace
}  // namespace espalier::host
