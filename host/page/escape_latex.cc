#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/locale/utf.hpp>
#include <cstdint>
#include <utility>

#include "page/escape.h"

namespace espalier::page {
namespace {

/// Letters that LaTeX's first encoding (OT1) has, beside ASCII: Latin ones with accents, less those that are
/// letters of their own or have an ogonek.
bool latex_has(std::uint32_t code) {
  static constexpr std::array<std::uint32_t, 27> others = {
      0xd0,  0xd7,  0xde,  0xf0,  0xf7,  0xfe,  0x104, 0x105, 0x110, 0x111, 0x118, 0x119, 0x126, 0x127,
      0x12e, 0x12f, 0x138, 0x13f, 0x140, 0x149, 0x14a, 0x14b, 0x166, 0x167, 0x172, 0x173, 0x17f};
  return 0xc0 <= code && code <= 0x17f && std::ranges::find(others, code) == others.end();
}

std::string_view latex_sign(std::uint32_t code) {
  static constexpr std::array<std::pair<std::uint32_t, std::string_view>, 18> signs = {
      {{0xa0, "~"},
       {0xb0, "$^\\circ$"},
       {0xb1, "$\\pm$"},
       {0xb2, "$^2$"},
       {0xb5, "$\\mu$"},
       {0xb7, "$\\cdot$"},
       {0xd7, "$\\times$"},
       {0x2013, "--"},
       {0x2014, "---"},
       {0x2018, "`"},
       {0x2019, "'"},
       {0x201c, "``"},
       {0x201d, "''"},
       {0x2026, "\\ldots{}"},
       {0x2192, "$\\rightarrow$"},
       {0x2212, "$-$"},
       {0x2264, "$\\leq$"},
       {0x2265, "$\\geq$"}}};
  const auto* const found =
      std::ranges::find(signs, code, &std::pair<std::uint32_t, std::string_view>::first);
  return found == signs.end() ? std::string_view() : found->second;
}

/// Of a character of ASCII. Nothing is left that a command, a comment, mathematics or a ligature begins with.
std::string latex_ascii(char character) {
  switch (character) {
    case '\\':
      return "\\textbackslash{}";
    case '{':
    case '}':
    case '#':
    case '$':
    case '%':
    case '&':
    case '_':
      return std::string("\\") + character;
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "{''}";
    case '`':
      return "\\`{}";
    case '-':
    case '\'':
    case ',':
      return std::string(1, character) + "{}";
    // A bracket behind \\ or at the beginning of a row would be an option.
    case '[':
    case ']':
      return std::string("{") + character + "}";
    case '*':
      return "{*}";
    default:
      return std::string(1, character);
  }
}

}  // namespace

std::string latex(std::string_view text) {
  const std::string line = one_line(text);
  std::string result;
  const char* const end = line.data() + line.size();
  for (const char* at = line.data(); at != end;) {
    const char* const start = at;
    const std::uint32_t code = boost::locale::utf::utf_traits<char>::decode(at, end);
    if (code < 0x80) {
      // A hyphen or an apostrophe alone needs no help.
      const bool pair = at != end && *at == static_cast<char>(code);
      const bool single = code == '-' || code == '\'' || code == ',';
      result +=
          single && !pair ? std::string(1, static_cast<char>(code)) : latex_ascii(static_cast<char>(code));
    } else if (const std::string_view sign = latex_sign(code); !sign.empty()) {
      result += sign;
    } else if (latex_has(code)) {
      result.append(start, at);
    } else {
      result += fmt::format("{{[}}U+{:04X}{{]}}", code);
    }
  }
  return result;
}

}  // namespace espalier::page
