#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

#include "espalier/errors/quoted.h"

namespace espalier {

/// Reads the string of an architecture token by token, for SearchSpace::parse_impl(). White space may stand
/// before each token. `position` is where the reader stands, for messages.
struct TokenReader {
  std::string_view text;
  std::size_t position = 0;

  std::string_view rest() const { return text.substr(position); }
  void skip_spaces() {
    position += length_of(rest(), [](unsigned char c) { return std::isspace(c) != 0; });
  }
  /// Whether `token` comes next; accept() also passes it.
  bool at(std::string_view token) {
    skip_spaces();
    return rest().starts_with(token);
  }
  bool accept(std::string_view token) {
    if (!at(token)) return false;
    position += token.size();
    return true;
  }
  bool at_end() {
    skip_spaces();
    return position == text.size();
  }
  /// Letters, digits and underscores; empty where others stand.
  std::string_view read_word() {
    skip_spaces();
    const std::string_view word =
        rest().substr(0, length_of(rest(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; }));
    position += word.size();
    return word;
  }
  /// What stands here, for a message.
  std::string found() const {
    constexpr std::size_t longest = 20;
    return rest().empty() ? "the text ends" : quoted(rest(), longest);
  }

 private:
  /// Of the characters at the beginning of a text that are of a kind.
  template <class IsOfKind>
  static std::size_t length_of(std::string_view characters, IsOfKind is_of_kind) {
    const auto end = std::ranges::find_if_not(characters, is_of_kind);
    return static_cast<std::size_t>(end - characters.begin());
  }
};

}  // namespace espalier
