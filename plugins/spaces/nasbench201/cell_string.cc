#include "cell_string.h"

#include <algorithm>
#include <array>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/space/token_reader.h"

namespace nasbench201 {
namespace {

using espalier::Architecture;
using espalier::quoted;

constexpr std::array<std::size_t, kEdges> kFrom = {0, 0, 1, 0, 1, 2};

/// Reads a cell token by token. White space may stand between any two.
class Reader {
 public:
  Reader(std::string_view text, const IndexOf& index_of) : in_{text}, index_of_(index_of) {}

  Architecture read() {
    if (in_.at("(") || in_.at("["))
      read_list(1);
    else
      read_string();
    const bool ended = in_.at_end();
    if (edge_ < kEdges) refuse("six operations");
    if (!ended) refuse("the end: a cell has six edges");
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
    const std::string close = in_.at("(") ? ")" : "]";
    ++in_.position;
    while (!in_.accept(close)) {
      if (in_.at("(") || in_.at("["))
        read_list(depth + 1);
      else
        read_item();
      if (in_.accept(close)) return;
      expect({","});
    }
  }

  /// An operation, in quotes or not, and the node that it reads, where that follows.
  void read_item() {
    if (edge_ == kEdges) refuse("the end: a cell has six edges");
    const std::size_t from = kFrom[edge_];
    const std::string quote = in_.at("'") ? "'" : in_.at("\"") ? "\"" : "";
    in_.position += quote.size();
    read_operation("the name of an operation; the numbers of operations differ between programs");
    if (!quote.empty()) expect({quote});
    const std::size_t end = in_.position;
    if (in_.accept(",") && at_digit())
      expect({std::to_string(from)});
    else
      in_.position = end;
  }

  void read_operation(const std::string& expected) {
    in_.skip_spaces();
    const std::size_t begin = in_.position;
    const std::string_view name = in_.read_word();
    if (name.empty() || std::all_of(name.begin(), name.end(), is_digit)) {
      in_.position = begin;
      refuse(expected);
    }
    architecture_.set(edge_, index_of_(edge_, name, begin));
    ++edge_;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool at_digit() { return !in_.at_end() && is_digit(in_.rest().front()); }

  /// Tokens that belong together; white space may stand between them, too.
  void expect(const std::vector<std::string>& tokens) {
    in_.skip_spaces();
    const std::size_t begin = in_.position;
    if (std::ranges::all_of(tokens, [&](const std::string& token) { return in_.accept(token); })) return;
    in_.position = begin;
    std::string whole;
    for (const std::string& token : tokens) whole += token;
    refuse(quoted(whole, whole.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    throw espalier::UsageError(
        {.what = "not a NAS-Bench-201 cell: " + in_.found(),
         .where = "character " + std::to_string(in_.position + 1) + " of " + quoted(in_.text, 100),
         .expected = expected,
         .remedy = remedy()});
  }

  std::string remedy() const {
    constexpr std::size_t kLongest = 12;
    const std::size_t begin = in_.text.starts_with('#') ? 1 : 0;
    const std::string_view number = in_.text.substr(begin);
    if (!number.empty() && number.size() <= kLongest && std::all_of(number.begin(), number.end(), is_digit))
      return "look the cell of this number up: espalier query nasbench201 " + std::string(number);
    return "write a cell as |op~0|+|op~0|op~1|+|op~0|op~1|op~2|, or its six operations in this order as (op, "
           "op, op, op, op, op)";
  }

  espalier::TokenReader in_;
  const IndexOf& index_of_;
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
