#include "genotype.h"

#include <algorithm>
#include <cctype>

#include "cells.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/errors/quoted.h"
#include "espalier/space/token_reader.h"

namespace darts {
namespace {

using espalier::Architecture;
using espalier::quoted;
using espalier::UsageError;

class Reader {
 public:
  Reader(std::string_view text, const std::vector<std::string>& operations)
      : in_{text}, operations_(operations) {}

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
    (void)in_.accept(",");
    expect(")");
    if (!in_.at_end()) refuse("the end of the genotype");
    return std::move(architecture_);
  }

 private:
  /// "DARTS_V2 = " stands before a genotype in a file of the authors.
  void read_assignment() {
    in_.skip_spaces();
    const std::size_t begin = in_.position;
    if (in_.read_word().empty() || !in_.accept("=")) in_.position = begin;
  }

  void read_field() {
    in_.skip_spaces();
    const std::size_t begin = in_.position;
    const auto found = std::ranges::find(fields_, in_.read_word());
    if (found == fields_.end()) {
      in_.position = begin;
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
      const std::size_t begin = in_.position;
      const bool nested = opens() && opens();
      in_.position = begin;
      const std::string close_node = nested ? open() : "";
      read_edge(cell, node);
      expect(",");
      read_edge(cell, node);
      if (!nested) continue;
      (void)in_.accept(",");
      if (at_pair()) refuse("the end of the node: two pairs");
      expect(close_node);
    }
    (void)in_.accept(",");
    if (at_pair()) refuse("the end of the cell: eight pairs");
    expect(close);
  }

  bool opens() { return in_.accept("(") || in_.accept("["); }
  bool at_pair() { return in_.at("(") || in_.at("["); }

  void read_edge(std::size_t cell, std::size_t node) {
    const std::string close = open();
    const std::size_t operation = read_operation();
    expect(",");
    in_.skip_spaces();
    const std::size_t place = in_.position;
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
    const std::string quote = in_.accept("\"") ? "\"" : "'";
    if (quote == "'") expect(quote);
    const std::size_t place = in_.position;
    const std::size_t end = std::min(in_.text.find(quote, in_.position), in_.text.size());
    const std::string name(in_.text.substr(in_.position, std::min<std::size_t>(end - in_.position, 80)));
    in_.position = end;
    expect(quote);
    const auto found = std::find(operations_.begin() + 1, operations_.end(), name);
    if (found != operations_.end()) return static_cast<std::size_t>(found - operations_.begin());
    const std::vector<std::string> real(operations_.begin() + 1, operations_.end());
    refuse_at(place, quoted(name, 80) + " is not an operation of a genotype", espalier::join_names(real),
              espalier::nearest(name, real));
  }

  void read_concat() {
    if (in_.accept("range")) {
      for (const char* token : {"(", "2", ",", "6", ")"}) expect(token);
      return;
    }
    const std::string close = open();
    for (const char* token : {"2", ",", "3", ",", "4", ",", "5"}) expect(token);
    expect(close);
  }

  std::string open() {
    if (in_.accept("(")) return ")";
    expect("[");
    return "]";
  }

  std::size_t read_number() {
    in_.skip_spaces();
    std::size_t number = 0;
    const std::size_t begin = in_.position;
    constexpr std::size_t most_digits = 4;
    for (; in_.position < in_.text.size() && in_.position < begin + most_digits &&
           std::isdigit(static_cast<unsigned char>(in_.text[in_.position])) != 0;
         ++in_.position)
      number = number * 10 + static_cast<std::size_t>(in_.text[in_.position] - '0');
    if (in_.position == begin) refuse("the number of a node");
    return number;
  }

  void expect(const std::string& token) {
    if (!in_.accept(token)) refuse(quoted(token, token.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) const {
    refuse_at(in_.position, "not a DARTS genotype: " + in_.found(), expected);
  }
  [[noreturn]] void refuse_at(std::size_t place, const std::string& what, const std::string& expected,
                              const std::string& nearest = {}) const {
    throw UsageError({.what = what,
                      .where = "character " + std::to_string(place + 1) + " of " + quoted(in_.text, 60),
                      .expected = expected,
                      .nearest = nearest,
                      .remedy = "`espalier sample darts` shows the form"});
  }

  espalier::TokenReader in_;
  const std::vector<std::string>& operations_;
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
