#include "genotype.h"

#include <algorithm>
#include <array>
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

constexpr std::array<const char*, kCells> kNames = {"normal", "reduce"};

class Reader {
 public:
  Reader(std::string_view text, const std::vector<std::string>& operations)
      : text_(text), operations_(operations) {}

  Architecture read() {
    expect("Genotype");
    expect("(");
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      expect(kNames[cell]);
      expect("=");
      read_cell(cell);
      expect(",");
      expect(std::string(kNames[cell]) + "_concat");
      expect("=");
      read_concat();
      if (cell + 1 < kCells) expect(",");
    }
    expect(")");
    skip_spaces();
    if (position_ < text_.size()) refuse("the end of the genotype");
    return std::move(architecture_);
  }

 private:
  void read_cell(std::size_t cell) {
    const std::string close = open();
    for (std::size_t node = 0; node < kNodes; ++node)
      for (std::size_t edge = 0; edge < 2; ++edge) {
        read_edge(cell, node);
        if (node + 1 < kNodes || edge == 0) expect(",");
      }
    (void)accept(",");
    skip_spaces();
    if (position_ < text_.size() && text_[position_] == '(') refuse("the end of the cell: eight pairs");
    expect(close);
  }

  void read_edge(std::size_t cell, std::size_t node) {
    expect("(");
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
    expect(")");
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
