#include "espalier/errors/quoted.h"

#include <boost/locale/utf.hpp>

namespace espalier {
namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;

bool is_printable(boost::locale::utf::code_point character) {
  const auto within = [character](boost::locale::utf::code_point first, boost::locale::utf::code_point last) {
    return first <= character && character <= last;
  };
  const bool control = character < 0x20 || within(0x7f, 0x9f) || within(0x2028, 0x2029);
  const bool turns = within(0x200e, 0x200f) || within(0x202a, 0x202e) || within(0x2066, 0x2069);
  return boost::locale::utf::is_valid_codepoint(character) && !control && !turns;
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const char* const start = at;
    const bool good = is_printable(Utf8::decode(at, end));
    if (static_cast<std::size_t>(at - text.data()) > longest) return result + "…";
    if (good)
      result.append(start, at);
    else
      result += '?';
  }
  return result;
}

std::string quoted(std::string_view text, std::size_t longest) {
  return "\"" + printable(text, longest) + "\"";
}

}  // namespace espalier
