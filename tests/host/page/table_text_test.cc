#include "page/table_text.h"

#include <gmock/gmock.h>

#include <limits>

namespace espalier::page {
namespace {

Table small_table() {
  return {.id = "results",
          .title = "Results_1",
          .caption = "50 %",
          .columns = {{.title = "method"}, {.title = "accuracy %", .number = true}},
          .rows = {{{.text = "a|b"}, {.text = "94.4", .number = 94.3712}},
                   {{.text = "=c,\"d\""}, {.text = "94.4 ± 0.1", .number = 94.4}},
                   {{.text = "e"}}}};
}

TEST(TableText, Markdown) {
  EXPECT_EQ(to_markdown(small_table()),
            "| method | accuracy % |\n|---|---:|\n| a\\|b | 94.4 |\n| =c,\"d\" | 94.4 ± 0.1 |\n| e |  |\n");
}

TEST(TableText, Latex) {
  EXPECT_EQ(to_latex(small_table()),
            "% Needs \\usepackage{booktabs}.\n"
            "\\begin{table}\n"
            "  \\centering\n"
            "  \\caption{Results\\_1. 50 \\%}\n"
            "  \\label{tab:results}\n"
            "  \\begin{tabular}{lr}\n"
            "    \\toprule\n"
            "    method & accuracy \\% \\\\\n"
            "    \\midrule\n"
            "    a\\textbar{}b & 94.4 \\\\\n"
            "    =c,{''}d{''} & 94.4 $\\pm$ 0.1 \\\\\n"
            "    e &  \\\\\n"
            "    \\bottomrule\n"
            "  \\end{tabular}\n"
            "\\end{table}\n");
}

TEST(TableText, CsvGivesNumbersInFullAndTextsAsTheyAre) {
  EXPECT_EQ(to_csv(small_table()),
            "method,accuracy %\r\na|b,94.3712\r\n\"'=c,\"\"d\"\"\",94.4 ± 0.1\r\ne,\r\n");
}

TEST(TableText, CsvKeepsNumbersThatLookLikeFormulas) {
  const Table table{.id = "t",
                    .title = "",
                    .caption = "",
                    .columns = {{.title = "n"}},
                    .rows = {{{.text = "-0.5", .number = -0.5}},
                             {{.text = "1,000", .number = 1000.0}},
                             {{.text = "-0.5"}},
                             {{.text = "nan", .number = std::numeric_limits<double>::quiet_NaN()}}}};
  EXPECT_EQ(to_csv(table), "n\r\n-0.5\r\n1000\r\n'-0.5\r\nnan\r\n");
}

}  // namespace
}  // namespace espalier::page
