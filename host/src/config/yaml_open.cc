#include "config/yaml_open.h"

#include <vector>

namespace espalier::host {
namespace {

/// Walks through a text and knows what is open. YAML opens a quote only where a value may begin, and a '#'
/// behind a space begins a comment.
class YamlWalk {
 public:
  void step(char c) {
    if (c == '\n') {
      ++line_;
      column_ = 0;
      comment_ = false;
      value_may_begin_ = true;
      return;
    }
    if (quote_) {
      in_quote(c);
    } else if (!comment_) {
      outside(c);
    }
    before_ = c;
    ++column_;
  }

  bool is_before(std::size_t line, std::size_t column) const {
    return line_ < line || (line_ == line && column_ < column);
  }
  std::optional<YamlOpening> open() const {
    if (quote_) return quote_;
    return brackets_.empty() ? std::nullopt : std::optional(brackets_.back());
  }
  const std::optional<YamlOpening>& over_lines() const { return over_lines_; }

 private:
  void in_quote(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\' && quote_->what == '"') {
      escaped_ = true;
    } else if (c == quote_->what) {
      if (quote_->line != line_) over_lines_ = quote_;
      quote_.reset();
      value_may_begin_ = false;
    }
  }

  void outside(char c) {
    const bool after_blank = column_ == 0 || before_ == ' ' || before_ == '\t';
    if (c == '#' && after_blank) {
      comment_ = true;
    } else if ((c == '"' || c == '\'') && value_may_begin_) {
      quote_ = YamlOpening{c, line_, column_};
    } else if ((c == '{' || c == '[') && (value_may_begin_ || !brackets_.empty())) {
      brackets_.push_back({c, line_, column_});
      value_may_begin_ = true;
    } else if ((c == '}' || c == ']') && !brackets_.empty()) {
      brackets_.pop_back();
      value_may_begin_ = false;
    } else if (c != ' ' && c != '\t') {
      value_may_begin_ = c == ':' || c == '-' || (c == ',' && !brackets_.empty());
    }
  }

  std::size_t line_ = 0;
  std::size_t column_ = 0;
  char before_ = '\n';
  bool comment_ = false;
  bool escaped_ = false;
  bool value_may_begin_ = true;
  std::optional<YamlOpening> quote_;
  std::optional<YamlOpening> over_lines_;
  std::vector<YamlOpening> brackets_;
};

YamlWalk walk_to(std::string_view text, std::size_t line, std::size_t column) {
  YamlWalk walk;
  for (const char c : text) {
    if (!walk.is_before(line, column)) break;
    walk.step(c);
  }
  return walk;
}

}  // namespace

std::optional<YamlOpening> open_at(std::string_view text, std::size_t line, std::size_t column) {
  return walk_to(text, line, column).open();
}

std::optional<YamlOpening> quote_over_lines(std::string_view text, std::size_t line, std::size_t column) {
  return walk_to(text, line, column).over_lines();
}

}  // namespace espalier::host
