#include <algorithm>
#include <array>
#include <boost/locale/encoding_utf.hpp>
#include <functional>
#include <string>
#include <vector>

#include "espalier/errors/quoted.h"
#include "fuzz.h"
#include "page/document_json.h"
#include "page/escape.h"
#include "page/html.h"
#include "page/markdown.h"
#include "page/table_text.h"

// A document whose every text is of the input, in all formats. What a text says changes nothing but that
// text: JSON and CSV give it back, HTML has the same tags as with harmless texts, LaTeX no command but the
// writer's own.
namespace espalier::fuzz {
namespace {

using page::Document;
using Text = std::function<std::string()>;

Document document_of(const Text& text) {
  page::Section section{.id = "s", .title = text(), .paragraphs = {text()}, .items = {}};
  section.items.push_back(page::Table{
      .id = "t",
      .title = text(),
      .caption = text(),
      .columns = {{.title = text()}, {.title = text(), .code = true}},
      .rows = {{{.text = text()}, {.text = text()}}, {{.text = text()}, {.text = text(), .number = 0.5}}}});
  section.items.push_back(page::Listing{.id = "l", .title = text(), .text = text()});
  const page::Panel panel{.title = text(),
                          .series = {{.name = text(), .points = {{.x = 1.0, .y = 2.0}}}},
                          .rules = {{.name = text(), .y = 1.0}}};
  section.items.push_back(
      page::Figure{.id = "f",
                   .title = text(),
                   .caption = text(),
                   .content = page::Lines{.x = {.title = text()}, .y = {.title = text()}, .panels = {panel}},
                   .group = "group " + text(),
                   .choice = "choice " + text()});
  section.items.push_back(page::Figure{.id = "d",
                                       .title = text(),
                                       .caption = text(),
                                       .content = page::Drawing{.svg = text(), .alternative = text()}});
  return {.title = text(), .subtitle = text(), .alarms = {{.text = text()}}, .sections = {section}};
}

/// The tags of a page with the names of their attributes, without values and texts.
std::string tags_of(const std::string& page) {
  const std::size_t begin = page.find("<body>");
  const std::size_t end = page.find("<script", begin);
  std::string tags;
  bool tag = false;
  bool value = false;
  for (const char c : page.substr(begin, end - begin)) {
    if (!tag) {
      require(c != '>', "no > outside of tags");
      tag = c == '<';
    } else if (value) {
      require(c != '<' && c != '>', "no < or > in a value");
      value = c != '"';
    } else {
      require(c != '<', "no < in a tag");
      value = c == '"';
      tag = c != '>';
    }
    if (tag && !value) tags += c;
  }
  return tags + page.substr(page.find("</script>", end), 30);
}

std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string& cell = rows.back().back();
    if (quoted) {
      if (text[i] != '"') {
        cell += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[i++];
      } else {
        quoted = false;
      }
    } else if (text[i] == '"') {
      require(cell.empty(), "quotes begin a cell");
      quoted = true;
    } else if (text[i] == ',') {
      rows.back().emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      rows.push_back({""});
      ++i;
    } else {
      cell += text[i];
    }
  }
  require(!quoted && rows.back() == std::vector<std::string>{""}, "a CSV file ends with a row");
  rows.pop_back();
  return rows;
}

void require_cell(const std::string& read, const page::Cell& cell) {
  if (cell.number && read == "0.5") return;
  const std::string text = boost::locale::conv::utf_to_utf<char>(cell.text);
  require(read == text || read == "'" + text, "a cell of a CSV file is its text");
  static constexpr std::string_view formula = "=+-@\t\r\n";
  require(read.empty() || formula.find(read.front()) == std::string_view::npos, "no cell is a formula");
}

void require_csv(const page::Table& table) {
  const auto rows = read_csv(page::to_csv(table));
  require(rows.size() == table.rows.size() + 1, "a CSV file has all rows");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    require(rows[r].size() == table.columns.size(), "a row of a CSV file has all cells");
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      require_cell(rows[r][c], r == 0 ? page::Cell{.text = table.columns[c].title} : table.rows[r - 1][c]);
  }
}

/// A text without what the writer of LaTeX puts for what it escapes holds nothing that LaTeX reads as more.
void require_latex(std::string text) {
  static constexpr std::array<std::string_view, 31> escapes = {"\\textbackslash{}",
                                                               "\\textasciitilde{}",
                                                               "\\textasciicircum{}",
                                                               "\\textless{}",
                                                               "\\textgreater{}",
                                                               "\\textbar{}",
                                                               "{''}",
                                                               "\\`{}",
                                                               "\\ldots{}",
                                                               "$\\rightarrow$",
                                                               "$\\times$",
                                                               "$^\\circ$",
                                                               "$\\cdot$",
                                                               "$\\leq$",
                                                               "$\\geq$",
                                                               "$\\pm$",
                                                               "$\\mu$",
                                                               "$^2$",
                                                               "$-$",
                                                               "\\{",
                                                               "\\}",
                                                               "\\#",
                                                               "\\$",
                                                               "\\%",
                                                               "\\&",
                                                               "\\_",
                                                               "{[}",
                                                               "{]}",
                                                               "{*}",
                                                               "{}",
                                                               "~"};
  for (std::size_t at = 0; at < text.size();) {
    const auto* const found = std::ranges::find_if(
        escapes, [&](std::string_view escape) { return text.compare(at, escape.size(), escape) == 0; });
    if (found != escapes.end()) {
      at += found->size();
      continue;
    }
    require(std::string_view("\\{}$&#^_%~\n").find(text[at]) == std::string_view::npos,
            "nothing of LaTeX is left but what the writer wrote");
    ++at;
  }
}

void require_json(const Document& document) {
  const auto json = page::OrderedJson::parse(page::json_text(page::to_json(document), 1));
  const auto same_text = [](const std::string& read, const std::string& text) {
    return read == text || read.find("\xef\xbf\xbd") != std::string::npos;  // was not UTF-8
  };
  require(same_text(json["title"], document.title), "JSON gives a text back");
  require(same_text(json["sections"][0]["items"][1]["text"],
                    std::get<page::Listing>(document.sections[0].items[1]).text),
          "JSON gives a listing back");
  const std::string script = page::script_json(page::json_text(page::figures_to_json(document), -1));
  require(script.find('<') == std::string::npos, "no < in the JSON of a page");
  require(page::OrderedJson::parse(script).is_object(), "the JSON of a page is JSON");
}

void check(std::string_view input) {
  std::vector<std::string> texts(1);
  for (const char c : input) {
    if (c == '\x1e')
      texts.emplace_back();
    else
      texts.back() += c;
  }
  std::size_t next = 0;
  const Document document = document_of([&] { return texts[next++ % texts.size()]; });
  static const Document harmless = document_of([] { return std::string("x"); });
  static const std::string tags = tags_of(page::to_html(harmless));
  require(tags_of(page::to_html(document)) == tags, "texts are no markup");
  require_json(document);
  const auto& table = std::get<page::Table>(document.sections[0].items[0]);
  require_csv(table);
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  require(lines(page::to_latex(table)) ==
              lines(page::to_latex(std::get<page::Table>(harmless.sections[0].items[0]))),
          "a table of LaTeX has the same lines whatever its texts");
  require(lines(page::to_markdown(table)) == 4, "a table of Markdown has a line a row");
  page::to_markdown(document, {"figures/f.svg"});
  for (const std::string& text : texts) require_latex(page::latex(text));
}

}  // namespace
}  // namespace espalier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  espalier::fuzz::check(espalier::fuzz::text_of(data, size));
  return 0;
}
