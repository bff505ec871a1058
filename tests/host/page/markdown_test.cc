#include "page/markdown.h"

#include <gmock/gmock.h>

#include "report/sample_document.h"

namespace espalier::page {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MarkdownReport, ShowsTheFiguresThatAreThere) {
  const std::string text = to_markdown(sample_document(), {"figures/final.svg", "figures/final.pdf"});
  EXPECT_THAT(text, HasSubstr("![Test accuracy](figures/final.svg)"));
  EXPECT_THAT(text, HasSubstr("[PDF](figures/final.pdf)"));
  EXPECT_THAT(text, Not(HasSubstr("figures/anytime")));
}

TEST(MarkdownReport, HoldsTextsAndTables) {
  const std::string text = to_markdown(sample_document(), {});
  EXPECT_THAT(text,
              HasSubstr("# Eleven methods on NAS-Bench-201\n\n3 runs, 165 searches, 165,000 trials\n\n"));
  EXPECT_THAT(text, HasSubstr("> **Warning:** darts found an architecture"));
  EXPECT_THAT(text,
              HasSubstr("| method | test accuracy % | trials | best architecture |\n|---|---:|---:|---|\n"));
  EXPECT_THAT(text, HasSubstr("```\nsearch_space: nasbench201\n"));
}

TEST(MarkdownReport, AListingCannotEndItsFence) {
  Document document{.title = "t", .subtitle = "", .alarms = {}, .sections = {}};
  document.sections.push_back(
      {.id = "s",
       .title = "S",
       .paragraphs = {},
       .items = {Listing{.id = "l", .title = "L", .text = "```\n# no heading\n````\n"}}});
  EXPECT_THAT(to_markdown(document, {}), HasSubstr("`````\n```\n# no heading\n````\n`````\n"));
}

}  // namespace
}  // namespace espalier::page
