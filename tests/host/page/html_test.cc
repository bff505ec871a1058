#include "page/html.h"

#include <gmock/gmock.h>

#include "page/assets.h"
#include "report/sample_document.h"

namespace espalier::page {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The page without its style and scripts.
std::string body_of(const Document& document, const HtmlOptions& options = {}) {
  const std::string page = to_html(document, options);
  const std::size_t begin = page.find("<body>");
  return page.substr(begin, page.find("<script", begin) - begin);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Html, NoTextBecomesMarkup) {
  const std::string page = to_html(hostile_document());
  EXPECT_EQ(count(page, "<script"), 2U);  // the data and the script
  EXPECT_EQ(count(page, "</script>"), 2U);
  EXPECT_EQ(count(body_of(hostile_document()), "<img "), 1U);  // the drawing
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, Not(HasSubstr("<svg xmlns")));
}

TEST(Html, ThePolicyAllowsOnlyItsOwnScriptAndStyle) {
  const std::string page = to_html(sample_document());
  EXPECT_THAT(
      page, ::testing::ContainsRegex(
                "content=\"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'; "
                "style-src 'sha256-[A-Za-z0-9+/=]+'; img-src data:; base-uri 'none'; form-action 'none'\""));
  EXPECT_EQ(count(body_of(sample_document()), " style="), 0U);
  EXPECT_EQ(count(body_of(sample_document()), " onclick="), 0U);
}

TEST(Html, TheScriptDoesNotEndItsElement) {
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("</script")));
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("<!--")));
  EXPECT_THAT(std::string(page_style()), Not(HasSubstr("</style")));
}

TEST(Html, TextsAndTablesNeedNoScript) {
  const std::string body = body_of(sample_document());
  EXPECT_THAT(body, HasSubstr("<h1>Eleven methods on NAS-Bench-201</h1>"));
  EXPECT_THAT(body, HasSubstr("<a href=\"#one-shot\">One-shot searches</a>"));
  EXPECT_THAT(body, HasSubstr("<th scope=\"col\" class=\"number\">test accuracy %</th>"));
  EXPECT_THAT(body, HasSubstr("<th scope=\"row\">regularized_evolution</th>"));
  EXPECT_THAT(body, HasSubstr("<td class=\"number\" data-number=\"94.14\">94.14"));
  EXPECT_THAT(body, HasSubstr("population_size: 100\n"));
  EXPECT_THAT(body, HasSubstr("<strong>Warning:</strong> darts found"));
  EXPECT_THAT(body, HasSubstr("figures/anytime.svg beside this page"));
  EXPECT_EQ(count(body, "<details class=\"section\""), 1U);
  EXPECT_EQ(count(body, "<div class=\"group\""), 1U);
}

TEST(Html, OnlyAnUnfinishedReportLoadsAgain) {
  Document document = sample_document();
  EXPECT_THAT(to_html(document, {.refresh = 30}), Not(HasSubstr("http-equiv=\"refresh\"")));
  document.unfinished = true;
  EXPECT_THAT(to_html(document, {.refresh = 30}), HasSubstr("<meta http-equiv=\"refresh\" content=\"30\">"));
  EXPECT_THAT(body_of(document, {.refresh = 30}), HasSubstr("loads itself again every 30 seconds"));
  EXPECT_THAT(to_html(document), Not(HasSubstr("http-equiv=\"refresh\"")));
  EXPECT_THAT(body_of(document), HasSubstr("more results are to come"));
}

}  // namespace
}  // namespace espalier::page
