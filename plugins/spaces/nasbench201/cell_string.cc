#include "cell_string.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace nasbench201 {
namespace {

using espalier::quoted;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t position() const { return position_; }

  void expect(const std::string& token) {
    if (text_.substr(position_, token.size()) != token) refuse(quoted(token, token.size()));
    position_ += token.size();
  }

  std::string_view name(std::size_t from) {
    const std::size_t end = std::min(text_.find_first_of("~|+", position_), text_.size());
    if (end == position_) refuse("an operation and \"~" + std::to_string(from) + "|\"");
    const std::string_view name = text_.substr(position_, end - position_);
    position_ = end;
    return name;
  }

  void expect_end() const {
    if (position_ < text_.size()) refuse("the end: a cell has six edges");
  }

 private:
  [[noreturn]] void refuse(const std::string& expected) const {
    const bool ended = position_ >= text_.size();
    throw espalier::UsageError(
        {.what =
             "not a NAS-Bench-201 cell: " + (ended ? "the text ends" : quoted(text_.substr(position_), 20)),
         .where = "character " + std::to_string(position_ + 1) + " of " + quoted(text_, 100),
         .expected = expected,
         .remedy = "write a cell as |op~0|+|op~0|op~1|+|op~0|op~1|op~2|"});
  }

  std::string_view text_;
  std::size_t position_ = 0;
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

espalier::Architecture parse_cell(std::string_view text, const IndexOf& index_of) {
  auto architecture = espalier::Architecture::zeros(kEdges);
  Reader reader(text);
  for (std::size_t to = 1, edge = 0; to <= 3; ++to) {
    reader.expect(to == 1 ? "|" : "+|");
    for (std::size_t from = 0; from < to; ++from, ++edge) {
      const std::size_t position = reader.position();
      architecture.set(edge, index_of(edge, reader.name(from), position));
      reader.expect("~" + std::to_string(from) + "|");
    }
  }
  reader.expect_end();
  return architecture;
}

}  // namespace nasbench201
