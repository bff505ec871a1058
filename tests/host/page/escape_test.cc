#include "page/escape.h"

#include <gmock/gmock.h>

namespace espalier::page {
namespace {

TEST(Escape, OneLineIsPrintable) {
  EXPECT_EQ(one_line("a\tb\r\nc"), "a b  c");
  EXPECT_EQ(one_line(std::string_view("nul\0bell\x07", 9)), "nul?bell?");
  EXPECT_EQ(one_line("\xff\xc3(é"), "??é");
  EXPECT_EQ(one_line("right\u202eleft\u2066\u200f"), "right?left??");
  EXPECT_EQ(one_line(""), "");
}

TEST(Escape, LinesStay) {
  EXPECT_EQ(printable_lines("a: 1\r\n\n\tb: \x01"), "a: 1\n\n b: ?\n");
  EXPECT_EQ(printable_lines(""), "");
}

TEST(Escape, Html) {
  EXPECT_EQ(html("</script><img src=x onerror=\"a('b')\">&amp;"),
            "&lt;/script&gt;&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;");
  EXPECT_EQ(html("µ 中"), "µ 中");
}

TEST(Escape, Markdown) {
  EXPECT_EQ(markdown("[a](javascript:b) <b>"), "\\[a\\](javascript:b) \\<b\\>");
  EXPECT_EQ(markdown("nor_conv_3x3 *x* `y` | ~z~ &lt; $x$"),
            "nor\\_conv\\_3x3 \\*x\\* \\`y\\` \\| \\~z\\~ \\&lt; \\$x\\$");
  EXPECT_EQ(markdown("# title #"), "\\# title \\#");
  EXPECT_EQ(markdown("- a"), "\\- a");
  EXPECT_EQ(markdown("---"), "\\---");
  EXPECT_EQ(markdown("12. a"), "12\\. a");
  EXPECT_EQ(markdown("    code"), "code");
  EXPECT_EQ(markdown("https://a.b www.c.d e@f"), "https\\://a.b www\\.c.d e\\@f");
  EXPECT_EQ(markdown("-0.5 and 94.37 ± 0.12, a-b"), "-0.5 and 94.37 ± 0.12, a-b");
  EXPECT_EQ(markdown("a\nb"), "a b");
}

TEST(Escape, Latex) {
  EXPECT_EQ(latex("\\input{/etc/passwd}"), "\\textbackslash{}input\\{/etc/passwd\\}");
  EXPECT_EQ(latex("50 % of $x_1$ & #2 ~^"),
            "50 \\% of \\$x\\_1\\$ \\& \\#2 \\textasciitilde{}\\textasciicircum{}");
  EXPECT_EQ(latex("<a|b>[c]*"), "\\textless{}a\\textbar{}b\\textgreater{}{[}c{]}{*}");
  EXPECT_EQ(latex("^^5c \"q\" ``x''"), "\\textasciicircum{}\\textasciicircum{}5c {''}q{''} \\`{}\\`{}x'{}'");
  EXPECT_EQ(latex("a-b -- c"), "a-b -{}- c");
  EXPECT_EQ(latex("94 ± 0.1 × 2 ≥ é"), "94 $\\pm$ 0.1 $\\times$ 2 $\\geq$ é");
  EXPECT_EQ(latex("čŁß 中ą"), "čŁß {[}U+4E2D{]}{[}U+0105{]}");
}

TEST(Escape, Csv) {
  EXPECT_EQ(csv("plain"), "plain");
  EXPECT_EQ(csv("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
  EXPECT_EQ(csv("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
  EXPECT_EQ(csv("+1"), "'+1");
  EXPECT_EQ(csv("-1"), "'-1");
  EXPECT_EQ(csv("@a"), "'@a");
  EXPECT_EQ(csv("\t=a"), "'\t=a");
  EXPECT_EQ(csv("\r=a"), "\"'\r=a\"");
  EXPECT_EQ(csv(" a "), "\" a \"");
  EXPECT_EQ(csv("\xff=\xc3"
                "a\xc3"),
            "'=");  // a byte that begins a character takes the next one with it
  EXPECT_EQ(csv("a-b=c"), "a-b=c");
}

TEST(Escape, JsonInAScript) {
  EXPECT_EQ(script_json("\"</script><!--\u2028\u2029\""), "\"\\u003c/script>\\u003c!--\\u2028\\u2029\"");
}

}  // namespace
}  // namespace espalier::page
