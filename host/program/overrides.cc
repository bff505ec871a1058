#include "overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/report/shell_quoted.h"

namespace espalier::program {
namespace {

using Words = std::vector<std::string>;

bool is_key(const std::string& text) {
  constexpr const char* letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !text.empty() && text.find_first_not_of(letters) == text.npos;
}

[[noreturn]] void refuse(const std::string& what, const std::string& where, const std::string& key,
                         const std::string& value) {
  throw UsageError(
      {.what = what,
       .where = fmt::format("command line ({})", where),
       .expected = "key=value or key.path=value in one word",
       .remedy = fmt::format("write {}={}", key, value.empty() ? "VALUE" : host::shell_quoted(value))});
}

/// Words that are one assignment taken apart, the i-th being the first of them.
void refuse_apart(const Words& words, std::size_t i) {
  const std::string& word = words[i];
  const std::string next = i + 1 < words.size() ? words[i + 1] : "";
  const std::string after = i + 2 < words.size() ? words[i + 2] : "";
  const char* const spaces = "spaces around the '='";
  if (is_key(word) && next == "=") refuse(spaces, word + " =", word, after);
  if (is_key(word) && next.starts_with('=')) refuse(spaces, word + " " + next, word, next.substr(1));
  const std::string key = word.substr(0, word.find_first_of("=:"));
  const std::string value = word.substr(std::min(key.size() + 1, word.size()));
  if (!is_key(key)) return;
  const bool next_is_value = !next.empty() && next.find('=') == next.npos;
  if (word.find('=') != word.npos) {
    if (value.empty() && next_is_value) refuse(spaces, word + " " + next, key, next);
  } else if (key.size() < word.size()) {
    refuse("a ':' where a '=' belongs", word, key, value.empty() ? next : value);
  } else if (next_is_value) {
    refuse("no '='", word + " " + next, key, next);
  }
}

void refuse_second_config(const std::string& word) {
  std::error_code ignored;
  const bool is_file = std::filesystem::is_regular_file(word, ignored) || word.ends_with(".yaml");
  if (word.find('=') != word.npos || !is_file) return;
  throw UsageError({.what = "one config is run at a time",
                    .where = fmt::format("command line ({})", word),
                    .expected = "key=value or key.path=value behind the config",
                    .remedy = fmt::format("run it by itself: espalier run {}", host::shell_quoted(word))});
}

}  // namespace

void apply_overrides(ConfigValue& config, const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    refuse_second_config(words[i]);
    refuse_apart(words, i);
    host::apply_override(config, words[i]);
  }
}

}  // namespace espalier::program
