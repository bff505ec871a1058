#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "table_reader.h"

namespace nasbench301 {

/// The text of a model of LightGBM: lines KEY=VALUE in blocks. The first block is the header; each of the
/// others follows a line Tree=INDEX. Lists are separated by spaces. All errors name the file and the line.
class LightGBMText {
 public:
  /// `text` and `file` must outlive this.
  LightGBMText(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  /// Reads the next block: up to the next tree, or to the end of the trees. Throws Error where the text ends
  /// before that, or a key stands twice.
  void read_block();
  /// Whether the last block was read.
  bool ended() const { return ended_; }
  /// The INDEX of the block that comes next, unless ended().
  std::string_view next_tree() const { return next_tree_; }

  bool has(std::string_view key) const { return block_.contains(key); }
  /// Throws Error where the block lacks `key`, or its value is not `wanted`: the model is of a kind that this
  /// does not know.
  void expect(std::string_view key, std::string_view wanted) const;
  std::size_t count(std::string_view key) const;
  /// The numbers behind `key`, of which there must be `count`, all finite.
  template <class T>
  std::vector<T> list(std::string_view key, std::size_t count) const {
    std::vector<T> numbers;
    std::string_view rest = value(key).text;
    while (!rest.empty()) {
      const std::string_view token = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), token.size() + 1));
      T number{};
      if (!parse_number(token, number) || !std::isfinite(static_cast<double>(number)))
        refuse_number(key, token);
      numbers.push_back(number);
    }
    if (numbers.size() != count)
      refuse_at(key, fmt::format("{} has {} numbers", key, numbers.size()), fmt::format("{}", count));
    return numbers;
  }

  /// Of the line that was read last.
  [[noreturn]] void refuse(const std::string& what, const std::string& expected = {}) const;
  /// Of the line of `key`.
  [[noreturn]] void refuse_at(std::string_view key, const std::string& what,
                              const std::string& expected = {}) const;
  /// A model that is whole, but of a kind that the official surrogates are not.
  [[noreturn]] void refuse_kind(std::string_view key, const std::string& what,
                                const std::string& expected) const;

 private:
  struct Value {
    std::string_view text;
    std::size_t line = 0;
  };

  const Value& value(std::string_view key) const;
  [[noreturn]] void refuse_number(std::string_view key, std::string_view token) const;

  std::string_view text_;  // what is not read yet
  const std::string& file_;
  std::size_t line_ = 0;
  std::map<std::string_view, Value> block_;
  std::string_view next_tree_;
  bool ended_ = false;
};

}  // namespace nasbench301
