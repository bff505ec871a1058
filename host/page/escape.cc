#include "page/escape.h"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <boost/locale/encoding_utf.hpp>
#include <limits>

#include "espalier/errors/quoted.h"

namespace espalier::page {
namespace {

constexpr std::size_t kWholeText = std::numeric_limits<std::size_t>::max();

/// The text with each character replaced by what `written` makes of it and of the one after it.
template <class Written>
std::string each_character(std::string_view text, const Written& written) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    written(result, text[i], i + 1 < text.size() ? text[i + 1] : '\0', i);
  return result;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return printable(line, kWholeText);
}

std::string printable_lines(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    result += one_line(line) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string html(std::string_view text) {
  return each_character(text, [](std::string& result, char c, char, std::size_t) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  });
}

std::string markdown(std::string_view text) {
  std::string line = one_line(text);
  line.erase(0, line.find_first_not_of(' '));  // four would begin a block of code
  return each_character(line, [&](std::string& result, char c, char next, std::size_t i) {
    static constexpr std::string_view always = "\\`*_{}[]<>#|~&$@";
    // Lists begin with a bullet or digits with a dot, rules and underlines of headings are rows of one sign.
    const bool first = line.find_first_not_of("0123456789") == i;
    const bool ends = next == ' ' || next == '\0';
    const bool begins = first && (i > 0 ? (c == '.' || c == ')') && ends
                                        : (c == '-' || c == '+' || c == '=') && (ends || next == c));
    const bool link = (c == ':' && next == '/') || (c == '.' && i > 0 && (line[i - 1] | 0x20) == 'w');
    if (always.find(c) != std::string_view::npos || begins || link) result += '\\';
    result += c;
  });
}

std::string csv(std::string_view text) {
  static constexpr std::string_view formula = "=+-@\t\r\n";
  std::string cell = boost::locale::conv::utf_to_utf<char>(text.data(), text.data() + text.size());
  if (!cell.empty() && formula.find(cell.front()) != std::string_view::npos) cell.insert(0, "'");
  if (cell.find_first_of(",\"\r\n") == std::string::npos && !cell.starts_with(' ') && !cell.ends_with(' '))
    return cell;
  return "\"" + boost::replace_all_copy(cell, "\"", "\"\"") + "\"";
}

std::string script_json(std::string_view json) {
  std::string text = boost::replace_all_copy(std::string(json), "<", "\\u003c");
  boost::replace_all(text, "\xe2\x80\xa8", "\\u2028");
  boost::replace_all(text, "\xe2\x80\xa9", "\\u2029");
  return text;
}

}  // namespace espalier::page
