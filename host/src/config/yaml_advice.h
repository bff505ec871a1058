#pragma once

#include <string>
#include <string_view>

namespace espalier::host {

/// What is wrong with a text that is not YAML, and what to do.
struct YamlAdvice {
  std::string what;
  std::string remedy;
  /// Where the mistake is, counted from 0; a line below 0: where the parser noticed it.
  int line = -1;
  int column = 0;
};

/// The parser's message in plain words, or the mistake that the lines around the place show. Line and column
/// count from 0; a line below 0 is unknown.
YamlAdvice advise_on_yaml(std::string_view said, std::string_view text, int line, int column);

}  // namespace espalier::host
