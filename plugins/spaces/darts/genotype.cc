#include "genotype.h"

#include <algorithm>
#include <cctype>

#include "cells.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/errors/quoted.h"

namespace darts {
namespace {

using espalier::Architecture;
using espalier::quoted;
using espalier::UsageError;

class Reader {
 public:
  Reader(std::string_view text, const std::vector<std::string>& operations)
      : text_(text), operations_(operations) {}

  Architecture read() {
    read_assignment();
    expect("Genotype");
    expect("(");
    // Four fields, in any order.
    read_field();
    while (!fields_.empty()) {
      expect(",");
      read_field();
    }
    (void)accept(",");
    expect(")");
    skip_spaces();
    if (position_ < text_.size()) refuse("the end of the genotype");
    return std::move(architecture_);
  }

 private:
  /// "DARTS_V2 = " stands before a genotype in a file of the authors.
  void read_assignment() {
    skip_spaces();
    const std::size_t begin = position_;
    if (read_word().empty() || !accept("=")) position_ = begin;
  }

  std::string_view read_word() {
    const auto is_of_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    const std::size_t begin = position_;
    while (position_ < text_.size() && is_of_word(static_cast<unsigned char>(text_[position_]))) ++position_;
    return text_.substr(begin, position_ - begin);
  }

  void read_field() {
    skip_spaces();
    const std::size_t begin = position_;
    const auto found = std::ranges::find(fields_, read_word());
    if (found == fields_.end()) {
      position_ = begin;
      refuse("one of " + espalier::join_names(fields_));
    }
    const std::string field = *found;
    fields_.erase(found);
    expect("=");
    if (field == "normal")
      read_cell(0);
    else if (field == "reduce")
      read_cell(1);
    else
      read_concat();
  }

  /// Eight pairs in a row, or four lists of two.
  void read_cell(std::size_t cell) {
    const std::string close = open();
    for (std::size_t node = 0; node < kNodes; ++node) {
      if (node > 0) expect(",");
      const std::size_t begin = position_;
      const bool nested = opens() && opens();
      position_ = begin;
      const std::string close_node = nested ? open() : "";
      read_edge(cell, node);
      expect(",");
      read_edge(cell, node);
      if (!nested) continue;
      (void)accept(",");
      skip_spaces();
      if (at_pair()) refuse("the end of the node: two pairs");
      expect(close_node);
    }
    (void)accept(",");
    if (at_pair()) refuse("the end of the cell: eight pairs");
    expect(close);
  }

  bool opens() { return accept("(") || accept("["); }
  bool at_pair() {
    skip_spaces();
    return position_ < text_.size() && (text_[position_] == '(' || text_[position_] == '[');
  }

  void read_edge(std::size_t cell, std::size_t node) {
    const std::string close = open();
    const std::size_t operation = read_operation();
    expect(",");
    skip_spaces();
    const std::size_t place = position_;
    const std::size_t from = read_number();
    const std::string reads =
        "node " + std::to_string(node + kInputs) + " reads node " + std::to_string(from);
    if (from >= node + kInputs)
      refuse_at(place, reads + ", which is not an earlier node",
                "0 to " + std::to_string(node + kInputs - 1));
    if (architecture_[edge_of(cell, node, from)] != 0)
      refuse_at(place, reads + " twice", "two different nodes");
    architecture_.set(edge_of(cell, node, from), operation);
    expect(close);
  }

  std::size_t read_operation() {
    const std::string quote = accept("\"") ? "\"" : "'";
    if (quote == "'") expect(quote);
    const std::size_t place = position_;
    const std::size_t end = std::min(text_.find(quote, position_), text_.size());
    const std::string name(text_.substr(position_, std::min<std::size_t>(end - position_, 80)));
    position_ = end;
    expect(quote);
    const auto found = std::find(operations_.begin() + 1, operations_.end(), name);
    if (found != operations_.end()) return static_cast<std::size_t>(found - operations_.begin());
    const std::vector<std::string> real(operations_.begin() + 1, operations_.end());
    refuse_at(place, quoted(name, 80) + " is not an operation of a genotype", espalier::join_names(real),
              espalier::nearest(name, real));
  }

  void read_concat() {
    if (accept("range")) {
      for (const char* token : {"(", "2", ",", "6", ")"}) expect(token);
      return;
    }
    const std::string close = open();
    for (const char* token : {"2", ",", "3", ",", "4", ",", "5"}) expect(token);
    expect(close);
  }

  std::string open() {
    if (accept("(")) return ")";
    expect("[");
    return "]";
  }

  std::size_t read_number() {
    skip_spaces();
    std::size_t number = 0;
    const std::size_t begin = position_;
    constexpr std::size_t most_digits = 4;
    for (; position_ < text_.size() && position_ < begin + most_digits &&
           std::isdigit(static_cast<unsigned char>(text_[position_])) != 0;
         ++position_)
      number = number * 10 + static_cast<std::size_t>(text_[position_] - '0');
    if (position_ == begin) refuse("the number of a node");
    return number;
  }

  void skip_spaces() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])) != 0)
      ++position_;
  }

  bool accept(std::string_view token) {
    skip_spaces();
    if (text_.substr(position_, token.size()) != token) return false;
    position_ += token.size();
    return true;
  }

  void expect(const std::string& token) {
    if (!accept(token)) refuse(quoted(token, token.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    refuse_at(position_,
              "not a DARTS genotype: " +
                  (position_ >= text_.size() ? "the text ends" : quoted(text_.substr(position_), 20)),
              expected);
  }
  [[noreturn]] void refuse_at(std::size_t place, const std::string& what, const std::string& expected,
                              const std::string& nearest = {}) const {
    throw UsageError({.what = what,
                      .where = "character " + std::to_string(place + 1) + " of " + quoted(text_, 60),
                      .expected = expected,
                      .nearest = nearest,
                      .remedy = "`espalier sample darts` shows the form"});
  }

  std::string_view text_;
  const std::vector<std::string>& operations_;
  std::size_t position_ = 0;
  std::vector<std::string> fields_ = {"normal", "normal_concat", "reduce",
                                      "reduce_concat"};  ///< not yet read
  Architecture architecture_ = Architecture::zeros(kCells * kEdges);
};

}  // namespace

std::string print_genotype(const Architecture& architecture, const std::vector<std::string>& operations) {
  constexpr std::size_t usual_length = 512;
  std::string text = "Genotype(";
  text.reserve(usual_length);
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    text += cell == 0 ? "normal=[" : ", reduce=[";
    for (std::size_t node = 0; node < kNodes; ++node) {
      const auto [first, second] = sources_of(architecture, cell, node);
      for (const std::size_t from : {first, second}) {
        if (node > 0 || from == second) text += ", ";
        text += "('";
        text += operations[architecture[edge_of(cell, node, from)]];
        text += "', ";
        text += static_cast<char>('0' + from);
        text += ')';
      }
    }
    text += cell == 0 ? "], normal_concat=range(2, 6)" : "], reduce_concat=range(2, 6)";
  }
  return text + ")";
}

Architecture parse_genotype(std::string_view text, const std::vector<std::string>& operations) {
  return Reader(text, operations).read();
}

}  // namespace darts
