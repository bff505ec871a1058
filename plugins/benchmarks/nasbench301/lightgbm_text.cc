#include "lightgbm_text.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace nasbench301 {

namespace {

std::string shown_text(std::string_view text) { return espalier::quoted(text, 40); }

[[noreturn]] void refuse_line(const std::string& file, std::size_t line, const std::string& what,
                              const std::string& expected, const char* remedy) {
  throw espalier::Error(
      {.what = what, .where = fmt::format("{}:{}", file, line), .expected = expected, .remedy = remedy});
}

constexpr const char* kConvertAgain = "convert the surrogate again with scripts/convert-nasbench301";

}  // namespace

void LightGBMText::read_block() {
  block_.clear();
  while (true) {
    if (text_.empty()) refuse("the model ends early", "the line \"end of trees\"");
    ++line_;
    const std::string_view line = text_.substr(0, text_.find('\n'));
    text_.remove_prefix(std::min(text_.size(), line.size() + 1));
    if (line == "end of trees") {
      ended_ = true;
      return;
    }
    const std::string_view key = line.substr(0, line.find('='));
    const std::string_view text = line.substr(std::min(line.size(), key.size() + 1));
    if (key == "Tree") {
      next_tree_ = text;
      return;
    }
    if (!key.empty() && !block_.emplace(key, Value{.text = text, .line = line_}).second)
      refuse(fmt::format("{} stands twice", shown_text(key)));
  }
}

void LightGBMText::expect(std::string_view key, std::string_view wanted) const {
  if (const std::string_view text = value(key).text; text != wanted)
    refuse_kind(key, fmt::format("{} is {}", key, shown_text(text)), fmt::format("\"{}\"", wanted));
}

std::size_t LightGBMText::count(std::string_view key) const {
  std::size_t number = 0;
  if (const std::string_view text = value(key).text; !parse_number(text, number)) refuse_number(key, text);
  return number;
}

const LightGBMText::Value& LightGBMText::value(std::string_view key) const {
  const auto found = block_.find(key);
  if (found == block_.end()) refuse(fmt::format("\"{}\" is missing above this line", key));
  return found->second;
}

void LightGBMText::refuse(const std::string& what, const std::string& expected) const {
  refuse_line(file_, line_, what, expected, kConvertAgain);
}

void LightGBMText::refuse_at(std::string_view key, const std::string& what,
                             const std::string& expected) const {
  refuse_line(file_, value(key).line, what, expected, kConvertAgain);
}

void LightGBMText::refuse_kind(std::string_view key, const std::string& what,
                               const std::string& expected) const {
  refuse_line(file_, value(key).line, what, expected,
              "train the surrogate as the official ones are: trees with numerical splits");
}

void LightGBMText::refuse_number(std::string_view key, std::string_view token) const {
  refuse_at(key, fmt::format("{}: {} is not a number", key, shown_text(token)));
}

}  // namespace nasbench301
