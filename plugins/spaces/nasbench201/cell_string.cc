#include "cell_string.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace nasbench201 {
namespace {

using espalier::Architecture;
using espalier::quoted;

constexpr std::array<std::size_t, kEdges> kFrom = {0, 0, 1, 0, 1, 2};

/// Reads a cell token by token. White space may stand between any two.
class Reader {
 public:
  Reader(std::string_view text, const IndexOf& index_of) : text_(text), index_of_(index_of) {}

  Architecture read() {
    if (at("(") || at("["))
      read_list(1);
    else
      read_string();
    skip_spaces();
    if (edge_ < kEdges) refuse("six operations");
    if (position_ < text_.size()) refuse("the end: a cell has six edges");
    return std::move(architecture_);
  }

 private:
  void read_string() {
    for (std::size_t to = 1; to <= 3; ++to) {
      to == 1 ? expect({"|"}) : expect({"+", "|"});
      for (std::size_t from = 0; from < to; ++from) {
        const std::string node = std::to_string(from);
        read_operation("an operation and \"~" + node + "|\"");
        expect({"~", node, "|"});
      }
    }
  }

  /// Operations and lists of them. Lists nest as the code of the authors has them: nodes, their edges, and
  /// the pair of each.
  void read_list(int depth) {
    constexpr int kDeepest = 3;
    if (depth > kDeepest) refuse("an operation");
    const std::string close = at("(") ? ")" : "]";
    ++position_;
    while (!accept(close)) {
      if (at("(") || at("["))
        read_list(depth + 1);
      else
        read_item();
      if (accept(close)) return;
      expect({","});
    }
  }

  /// An operation, in quotes or not, and the node that it reads, where that follows.
  void read_item() {
    if (edge_ == kEdges) refuse("the end: a cell has six edges");
    const std::size_t from = kFrom[edge_];
    const std::string quote = at("'") ? "'" : at("\"") ? "\"" : "";
    position_ += quote.size();
    read_operation("the name of an operation; the numbers of operations differ between programs");
    if (!quote.empty()) expect({quote});
    const std::size_t end = position_;
    if (accept(",") && at_digit())
      expect({std::to_string(from)});
    else
      position_ = end;
  }

  void read_operation(const std::string& expected) {
    skip_spaces();
    const auto is_of_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    const std::size_t begin = position_;
    while (position_ < text_.size() && is_of_name(static_cast<unsigned char>(text_[position_]))) ++position_;
    const std::string_view name = text_.substr(begin, position_ - begin);
    if (name.empty() || std::all_of(name.begin(), name.end(), is_digit)) {
      position_ = begin;
      refuse(expected);
    }
    architecture_.set(edge_, index_of_(edge_, name, begin));
    ++edge_;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool at_digit() {
    skip_spaces();
    return position_ < text_.size() && is_digit(text_[position_]);
  }

  void skip_spaces() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])) != 0)
      ++position_;
  }
  bool at(std::string_view token) {
    skip_spaces();
    return text_.substr(position_, token.size()) == token;
  }
  bool accept(std::string_view token) {
    if (!at(token)) return false;
    position_ += token.size();
    return true;
  }
  /// Tokens that belong together; white space may stand between them, too.
  void expect(const std::vector<std::string>& tokens) {
    skip_spaces();
    const std::size_t begin = position_;
    if (std::ranges::all_of(tokens, [&](const std::string& token) { return accept(token); })) return;
    position_ = begin;
    std::string whole;
    for (const std::string& token : tokens) whole += token;
    refuse(quoted(whole, whole.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    const bool ended = position_ >= text_.size();
    throw espalier::UsageError(
        {.what =
             "not a NAS-Bench-201 cell: " + (ended ? "the text ends" : quoted(text_.substr(position_), 20)),
         .where = "character " + std::to_string(position_ + 1) + " of " + quoted(text_, 100),
         .expected = expected,
         .remedy = remedy()});
  }

  std::string remedy() const {
    constexpr std::size_t kLongest = 12;
    const std::size_t begin = text_.starts_with('#') ? 1 : 0;
    const std::string_view number = text_.substr(begin);
    if (!number.empty() && number.size() <= kLongest && std::all_of(number.begin(), number.end(), is_digit))
      return "look the cell of this number up: espalier query nasbench201 " + std::string(number);
    return "write a cell as |op~0|+|op~0|op~1|+|op~0|op~1|op~2|, or its six operations in this order as (op, "
           "op, op, op, op, op)";
  }

  std::string_view text_;
  const IndexOf& index_of_;
  std::size_t position_ = 0;
  std::size_t edge_ = 0;
  Architecture architecture_ = Architecture::zeros(kEdges);
};

}  // namespace

std::string print_cell(const NameOf& name_of) {
  std::string text;
  for (std::size_t to = 1, edge = 0; to <= 3; ++to) {
    text += to == 1 ? "|" : "+|";
    for (std::size_t from = 0; from < to; ++from) text += name_of(edge++) + "~" + std::to_string(from) + "|";
  }
  return text;
}

Architecture parse_cell(std::string_view text, const IndexOf& index_of) {
  return Reader(text, index_of).read();
}

}  // namespace nasbench201
