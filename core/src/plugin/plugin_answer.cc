#include "plugin/plugin_answer.h"

#include <fmt/format.h>

#include <boost/locale/utf.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

[[noreturn]] void refuse(const Plugin& plugin, std::string_view call, std::string_view found,
                         std::string expected) {
  throw_plugin_mistake(plugin, fmt::format("the plugin's {} gave {}", call, found), std::move(expected));
}

bool is_line(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const auto character = Utf8::decode(at, end);
    if (!boost::locale::utf::is_valid_codepoint(character) || character < ' ' || character == '\x7f')
      return false;
  }
  return true;
}

}  // namespace

void check_answer(const Plugin& plugin, std::string_view call, const SearchSpace& space,
                  const Architecture& answer) {
  try {
    space.check(answer);
  } catch (const UsageError& error) {
    const std::string& expected = error.details().expected;
    refuse(plugin, call,
           fmt::format("something that is not an architecture of the search space \"{}\": {}", space.name(),
                       error.details().what),
           expected.empty() ? "an architecture of the search space" : expected);
  }
}

void check_answer(const Plugin& plugin, std::string_view call, std::string_view meaning, double answer) {
  if (!std::isfinite(answer))
    refuse(plugin, call, fmt::format("a {} that is not finite: {}", meaning, answer), "a finite number");
}

void check_not_negative(const Plugin& plugin, std::string_view call, std::string_view meaning,
                        double answer) {
  check_answer(plugin, call, meaning, answer);
  if (answer < 0) refuse(plugin, call, fmt::format("a {} of {}", meaning, answer), "0 or more");
}

void check_cost(const Plugin& plugin, std::string_view call, double seconds) {
  if (!(std::isfinite(seconds) && seconds >= 0))
    refuse(plugin, call, fmt::format("a cost of {} seconds", seconds), "a finite number, 0 or more");
}

void check_answer(const Plugin& plugin, std::string_view call, std::string_view answer) {
  constexpr std::size_t kLongest = 60;
  if (!is_line(answer))
    refuse(plugin, call, fmt::format("{}", quoted(answer, kLongest)), "text of UTF-8 in one line");
}

}  // namespace espalier
