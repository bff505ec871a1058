#include "config/yaml_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

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
      static_cast<int>(number) - 1};
}

/// Keys below `optimizer: random_search`, which is complete.
std::optional<YamlAdvice> has_value_already(std::string_view line, std::string_view below) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos || indentation(below) <= indentation(line)) return std::nullopt;
  const std::string_view value = trimmed(without_comment(line.substr(colon + 1)));
  if (value.empty() || std::string_view("#&|>{[\"'").find(value.front()) != std::string_view::npos)
    return std::nullopt;
  const std::string key = shown_line(trimmed(line.substr(0, colon)));
  return YamlAdvice{fmt::format("keys below '{}', which has a value already", key),
                    fmt::format("write {}: {{name: {}, {}}}", key, shown_line(value),
                                shown_line(trimmed(without_comment(below))))};
}

std::optional<YamlAdvice> advise_on_lines(std::string_view said, const std::vector<std::string_view>& lines,
                                          std::size_t column) {
  const std::string_view line = lines.back();
  if (line.substr(0, indentation(line)).find('\t') != line.npos)
    return YamlAdvice{"a tab in the indentation", "indent with spaces, not tabs"};
  const bool in_brackets = said.find("flow not found") != said.npos;
  const bool opened_here = line.substr(0, column).find_first_of("{[") != line.npos;
  if (in_brackets && opened_here && column < line.size() && line[column] == ':')
    return YamlAdvice{
        "a ':' inside a value",
        "put the whole text in quotes, its commas included; if a key begins there, put a comma before it"};
  const auto before = line_before(lines);
  if (in_brackets || !before) return std::nullopt;
  if (auto advice = lacks_space(lines[*before], *before + 1)) return advice;
  return has_value_already(lines[*before], line);
}

}  // namespace

YamlAdvice advise_on_yaml(std::string_view said, std::string_view text, int line, int column) {
  if (line >= 0) {
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
