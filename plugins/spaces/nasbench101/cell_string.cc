#include "cell_string.h"

#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/errors/quoted.h"
#include "token_reader.h"

namespace nasbench101 {
namespace {

using espalier::quoted;

class Reader {
 public:
  explicit Reader(std::string_view text) : in_{text} {}

  Cell read() {
    if (in_.at("["))
      read_matrix();
    else
      read_vertices();
    if (!in_.at_end()) refuse("the end of the cell");
    return cell_;
  }

 private:
  void read_vertices() {
    expect("|");
    bool ends = false;
    for (unsigned vertex = 1; !ends; ++vertex) {
      ends = in_.accept("output");
      if (!ends && vertex == kOutput) refuse("\"output\": a cell has at most seven vertices");
      if (!ends) cell_.operations[vertex] = read_operation({"output"});
      expect("~");
      do read_source(vertex, ends ? kOutput : vertex);
      while (in_.accept("~"));
      expect("|");
    }
  }

  void read_source(unsigned vertex, unsigned place) {
    for (unsigned source = 0; source < vertex; ++source)
      if (!cell_.has_edge(source, place) && in_.accept(std::to_string(source)))
        return cell_.flip_edge(source, place);
    refuse("one of the vertices before it, 0 to " + std::to_string(vertex - 1) + ", each once");
  }

  void read_matrix() {
    std::vector<std::vector<bool>> rows;
    expect("[");
    do read_row(rows);
    while (in_.accept(","));
    const std::size_t size = rows.size();
    if (size != rows.front().size()) refuse("a matrix of as many rows as columns");
    expect("]");
    expect(",");
    expect("[");
    for (unsigned vertex = 0; vertex < size; ++vertex) {
      if (vertex > 0) expect(",");
      const std::string quote = in_.accept("\"") ? "\"" : "'";
      if (quote == "'") expect(quote);
      if (vertex == 0 || vertex + 1 == size)
        expect(vertex == 0 ? "input" : "output");
      else
        cell_.operations[vertex] = read_operation({});
      expect(quote);
    }
    expect("]");
    for (unsigned to = 1; to < size; ++to)
      for (unsigned from = 0; from < to; ++from)
        if (rows[from][to]) cell_.flip_edge(from, to + 1 == size ? kOutput : to);
  }

  void read_row(std::vector<std::vector<bool>>& rows) {
    const std::size_t size = rows.empty() ? kVertices : rows.front().size();
    std::vector<bool>& row = rows.emplace_back();
    if (rows.size() > size) refuse("the end of the matrix: it has as many rows as columns");
    expect("[");
    do {
      const bool edge = row.size() >= rows.size() && in_.accept("1");
      if (!edge && !in_.accept("0"))
        refuse(row.size() < rows.size() ? "0: edges lead from a vertex to a later one" : "0 or 1");
      row.push_back(edge);
    } while (row.size() < size && in_.accept(","));
    if (rows.size() > 1 && row.size() < size) refuse("rows of " + std::to_string(size) + " columns");
    if (in_.at(",")) refuse("the end of the row: it has " + std::to_string(size) + " columns");
    expect("]");
  }

  /// Expects `others`, too, which have been looked for.
  unsigned read_operation(std::vector<std::string> others) {
    for (unsigned operation = 0; operation < kOperations; ++operation)
      if (in_.accept(kNames[operation])) return operation + 1;
    others.insert(others.begin(), kNames.begin(), kNames.end());
    refuse("one of " + espalier::join_names(others));
  }

  void expect(std::string_view token) {
    if (!in_.accept(token)) refuse(quoted(token, token.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) {
    in_.skip_spaces();
    throw espalier::UsageError(
        {.what = "not a NAS-Bench-101 cell: " + in_.found(),
         .where = "character " + std::to_string(in_.position + 1) + " of " + quoted(in_.text, 100),
         .expected = expected,
         .remedy = "write a cell as |conv3x3-bn-relu~0|maxpool3x3~0~1|output~1~2|, or its matrix and its "
                   "operations as [[0, 1], [0, 0]], ['input', 'output']"});
  }

  TokenReader in_;
  Cell cell_;
};

}  // namespace

std::string print_cell(const Cell& cell) {
  std::string text = "|";
  for (unsigned vertex = 1; vertex < kVertices; ++vertex) {
    if (vertex < kOutput && cell.operations[vertex] == 0) continue;
    text += vertex == kOutput ? "output" : kNames[cell.operations[vertex] - 1];
    for (unsigned source = 0; source < vertex; ++source)
      if (cell.has_edge(source, vertex)) text += "~" + std::to_string(source);
    text += "|";
  }
  return text;
}

Cell parse_cell(std::string_view text) { return Reader(text).read(); }

}  // namespace nasbench101
