#include "exports/numbered_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>

namespace espalier::exports {
namespace {

// Control characters, which no generated code has.
constexpr char kBegin = '\x01';
constexpr char kBetween = '\x02';
constexpr char kEnd = '\x03';

/// The text with each number replaced by what `replace` gives.
std::string replaced(std::string_view text, const std::function<std::string(const CodeNumber&)>& replace) {
  std::string result;
  while (true) {
    const std::size_t begin = text.find(kBegin);
    result += text.substr(0, begin);
    if (begin == std::string_view::npos) return result;
    const std::size_t between = text.find(kBetween, begin);
    const std::size_t end = text.find(kEnd, between);
    CodeNumber number{.name = std::string(text.substr(begin + 1, between - begin - 1)), .value = 0};
    std::from_chars(text.data() + between + 1, text.data() + end, number.value);
    result += replace(number);
    text.remove_prefix(end + 1);
  }
}

std::vector<std::int64_t> column_of(const std::vector<std::vector<CodeNumber>>& rows, std::size_t index) {
  std::vector<std::int64_t> column;
  column.reserve(rows.size());
  for (const auto& row : rows) column.push_back(row[index].value);
  return column;
}

/// "channels" for what is in_channels here and out_channels there.
std::string common_name(const std::set<std::string>& names) {
  if (names.size() == 1) return *names.begin();
  const bool channels =
      std::ranges::all_of(names, [](const std::string& name) { return name.ends_with("channels"); });
  return channels ? "channels" : *names.begin();
}

}  // namespace

std::string marked(std::string_view name, std::int64_t value) {
  return fmt::format("{}{}{}{}{}", kBegin, name, kBetween, value, kEnd);
}

std::vector<CodeNumber> numbers_of(std::string_view text) {
  std::vector<CodeNumber> numbers;
  replaced(text, [&](const CodeNumber& number) {
    numbers.push_back(number);
    return std::string();
  });
  return numbers;
}

std::string with_numbers(std::string_view text, const std::vector<std::string>& replacements) {
  std::size_t next = 0;
  return replaced(text, [&](const CodeNumber&) { return replacements.at(next++); });
}

std::string plain(std::string_view text) {
  return replaced(text, [](const CodeNumber& number) { return fmt::to_string(number.value); });
}

CommonText common_text(const std::vector<std::string>& texts) {
  std::vector<std::vector<CodeNumber>> rows;
  rows.reserve(texts.size());
  for (const std::string& text : texts) rows.push_back(numbers_of(text));
  CommonText common{
      .text = {}, .arguments = {}, .values = std::vector<std::vector<std::int64_t>>(texts.size())};
  std::map<std::vector<std::int64_t>, std::string> known;  // by the values in all texts
  std::map<std::vector<std::int64_t>, std::set<std::string>> meanings;
  for (std::size_t i = 0; i < rows.front().size(); ++i)
    meanings[column_of(rows, i)].insert(rows.front()[i].name);
  std::vector<std::string> replacements;
  for (std::size_t i = 0; i < rows.front().size(); ++i) {
    const std::vector<std::int64_t> column = column_of(rows, i);
    if (std::ranges::all_of(column, [&](std::int64_t value) { return value == column.front(); })) {
      replacements.push_back(fmt::to_string(column.front()));
      continue;
    }
    auto argument = known.find(column);
    if (argument == known.end()) {
      const std::string hint = common_name(meanings.at(column));
      std::string name = hint;
      for (int k = 2; std::ranges::find(common.arguments, name) != common.arguments.end(); ++k)
        name = fmt::format("{}_{}", hint, k);
      common.arguments.push_back(name);
      for (std::size_t row = 0; row < rows.size(); ++row) common.values[row].push_back(column[row]);
      argument = known.emplace(column, name).first;
    }
    replacements.push_back(argument->second);
  }
  common.text = with_numbers(texts.front(), replacements);
  return common;
}

}  // namespace espalier::exports
