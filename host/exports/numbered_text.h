#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exports {

/// A number within generated code, and what it stands for: "channels".
struct CodeNumber {
  std::string name;
  std::int64_t value = 0;
};

/// Generated code with marked numbers, so that texts which differ in numbers alone become one class.
std::string marked(std::string_view name, std::int64_t value);
std::vector<CodeNumber> numbers_of(std::string_view text);
/// The text with `replacements` in the place of its numbers, one for each.
std::string with_numbers(std::string_view text, const std::vector<std::string>& replacements);
/// The text with its numbers written out.
std::string plain(std::string_view text);

/// What texts that differ in numbers alone have in common.
struct CommonText {
  std::string text;                    ///< with the names of arguments where they differ
  std::vector<std::string> arguments;  ///< the names, without repetition
  /// For each of the texts its values of the arguments.
  std::vector<std::vector<std::int64_t>> values;
};
CommonText common_text(const std::vector<std::string>& texts);

}  // namespace espalier::exports
