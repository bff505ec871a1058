#include "config/yaml_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "config/yaml_open.h"
#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

struct PlainWords {
  std::string_view said;
  std::string_view what;
  std::string_view remedy;
};
constexpr std::string_view unclosed = "a quote that is never closed";
constexpr std::string_view dedent = "a line that fits no open list or map";
constexpr std::array plain_words = {
    PlainWords{"illegal map value", "a ':' where none can stand",
               "write one 'key: value' a line; quote text with ': '"},
    PlainWords{"illegal map key", "a key where none can stand", "give all keys of a map one indentation"},
    PlainWords{"illegal block entry", "a '- ' where none can stand", "begin the list on a line of its own"},
    PlainWords{"illegal EOF in scalar", unclosed, "close the quotes"},
    PlainWords{"illegal document indicator", unclosed, "close the quotes"},
    PlainWords{"end of map not found", dedent,
               "give all keys of a map one indentation, each followed by ':'"},
    PlainWords{"end of map flow not found", "a '{' that is not closed",
               "close it with '}', entries between commas"},
    PlainWords{"end of sequence not found", dedent, "give all '- ' of a list one indentation"},
    PlainWords{"end of sequence flow not found", "a '[' that is not closed",
               "close it with ']', entries between commas"},
    PlainWords{"illegal flow end", "a closing bracket that nothing opened",
               "remove the bracket, or open it before"},
    PlainWords{"unknown escape", "an unknown escape after '\\'",
               "write \\\\ for a backslash, or use single quotes"},
    PlainWords{"the referenced anchor", "an alias to nothing",
               "define it before with '&', or quote text with a '*'"},
    PlainWords{"unknown token", "a special character at the start of text", "put the text in quotes"},
};

constexpr std::string_view blank = " \t\r";

std::string_view trimmed(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(blank), line.size());
  return line.substr(start, line.find_last_not_of(blank) + 1 - start);
}

/// Without the "# …" at the end of a line. A '#' within quotes is not told apart: advice quotes words.
std::string_view without_comment(std::string_view line) { return line.substr(0, line.find(" #")); }

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(blank), line.size());
}

/// The lines up to that of the mistake.
std::vector<std::string_view> lines_until(std::string_view text, int last) {
  std::vector<std::string_view> lines;
  while (last-- >= 0 && !text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The last line before the mistake that says something.
std::optional<std::size_t> line_before(const std::vector<std::string_view>& lines) {
  for (std::size_t i = lines.size() - 1; i-- > 0;) {
    const std::string_view line = trimmed(lines[i]);
    if (!line.empty() && line.front() != '#') return i;
  }
  return std::nullopt;
}

std::string shown_line(std::string_view text) {
  constexpr std::size_t longest = 60;
  return printable(text, longest);
}

/// `seeds:0` is one word, so the ':' of the next line is one too many.
std::optional<YamlAdvice> lacks_space(std::string_view line, std::size_t number) {
  const std::string_view word = trimmed(line);
  const std::size_t colon = word.find(':');
  if (colon == 0 || colon == word.npos || colon + 1 == word.size()) return std::nullopt;
  if (word.find_first_of(" \t\"'{[/\\") != word.npos) return std::nullopt;
  return YamlAdvice{
      "no space after the ':'",
      fmt::format("write {}: {}", shown_line(word.substr(0, colon)), shown_line(word.substr(colon + 1))),
      static_cast<int>(number), static_cast<int>(indentation(line))};
}

/// Keys below `optimizer: random_search`, which is complete.
/// Keys below `name: random_search` have slipped to the right.
std::optional<YamlAdvice> has_value_already(std::string_view line, std::string_view below,
                                            std::size_t number) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos || indentation(below) <= indentation(line)) return std::nullopt;
  const std::string_view value = trimmed(without_comment(line.substr(colon + 1)));
  if (value.empty() || std::string_view("#&|>{[\"'").find(value.front()) != std::string_view::npos)
    return std::nullopt;
  const std::string_view key = trimmed(line.substr(0, colon));
  const std::string added = shown_line(trimmed(without_comment(below)));
  const bool is_name = key == "name" || key.ends_with(" name");
  return YamlAdvice{
      fmt::format("keys below '{}', which has a value already", shown_line(key)),
      is_name ? "indent the line like 'name', which stands beside it: " + added
              : fmt::format("write {0}: {{name: {1}, {2}}}; `espalier describe {1}` lists the options of {1}",
                            shown_line(key), shown_line(value), added),
      static_cast<int>(number), static_cast<int>(indentation(below))};
}

/// Where a quote or bracket stands that is not closed, or closed only by the quote that opens a later text.
std::optional<YamlAdvice> advise_on_openings(std::string_view said, std::string_view text, int line,
                                             int column) {
  const auto found = [](const YamlOpening& opening, std::string what, std::string remedy) {
    return YamlAdvice{std::move(what), std::move(remedy), static_cast<int>(opening.line),
                      static_cast<int>(opening.column)};
  };
  const auto at_line = static_cast<std::size_t>(line);
  const auto at_column = static_cast<std::size_t>(column);
  const auto open = open_at(text, at_line, at_column);
  const bool in_quote = open && (open->what == '"' || open->what == '\'');
  if (in_quote &&
      (said.starts_with("illegal EOF in scalar") || said.starts_with("illegal document indicator")))
    return found(*open, "the quote that opens here is never closed", "close it with another one");
  if (const auto quote = quote_over_lines(text, at_line, at_column); quote)
    return found(*quote, "the quote that opens here is not closed on its line",
                 "close it where its text ends");
  const bool in_brackets = said.find("flow not found") != said.npos && open && !in_quote;
  if (!in_brackets || open->line == at_line) return std::nullopt;
  return found(*open, fmt::format("the '{}' that opens here is not closed", open->what),
               fmt::format("close it with '{}', entries between commas", open->what == '{' ? '}' : ']'));
}

std::optional<YamlAdvice> advise_on_lines(std::string_view said, const std::vector<std::string_view>& lines,
                                          std::size_t column) {
  const std::string_view line = lines.back();
  if (line.substr(0, indentation(line)).find('\t') != line.npos)
    return YamlAdvice{"a tab in the indentation", "indent with spaces, not tabs",
                      static_cast<int>(lines.size()) - 1, static_cast<int>(line.find('\t'))};
  const bool in_brackets = said.find("flow not found") != said.npos;
  const bool opened_here = line.substr(0, column).find_first_of("{[") != line.npos;
  if (in_brackets && opened_here && column < line.size() && line[column] == ':')
    return YamlAdvice{
        "a ':' inside a value",
        "put the whole text in quotes, its commas included; if a key begins there, put a comma before it"};
  const auto before = line_before(lines);
  if (in_brackets || !before) return std::nullopt;
  if (auto advice = lacks_space(lines[*before], *before)) return advice;
  return has_value_already(lines[*before], line, lines.size() - 1);
}

}  // namespace

YamlAdvice advise_on_yaml(std::string_view said, std::string_view text, int line, int column) {
  if (line >= 0) {
    if (auto advice = advise_on_openings(said, text, line, column)) return *advice;
    const std::vector<std::string_view> lines = lines_until(text, line);
    if (std::ssize(lines) == line + 1)
      if (auto advice = advise_on_lines(said, lines, static_cast<std::size_t>(column))) return *advice;
  }
  const auto known = std::ranges::find_if(
      plain_words, [&](const PlainWords& candidate) { return said.starts_with(candidate.said); });
  if (known != plain_words.end()) return {std::string(known->what), std::string(known->remedy)};
  return {std::string(said), "check indentation, brackets and quotes near this place"};
}

}  // namespace espalier::host
