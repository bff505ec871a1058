#include "space/dag/dag_string.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/errors/quoted.h"
#include "espalier/space/token_reader.h"

namespace espalier {
namespace {

class DagReader {
 public:
  DagReader(std::string_view text, const DagCells& cells)
      : in_{text}, cells_(cells), output_(static_cast<unsigned>(cells.vertices) - 1) {}

  Dag read() {
    if (in_.at("["))
      read_matrix();
    else
      read_vertices();
    if (!in_.at_end()) refuse("the end of the cell");
    return dag_;
  }

 private:
  void read_vertices() {
    expect("|");
    bool ends = false;
    for (unsigned vertex = 1; !ends; ++vertex) {
      ends = in_.accept("output");
      if (!ends && vertex == output_)
        refuse(fmt::format("\"output\": a cell has at most {} vertices", cells_.vertices));
      if (!ends) dag_.operations[vertex] = read_operation({"output"});
      expect("~");
      do read_source(vertex, ends ? output_ : vertex);
      while (in_.accept("~"));
      expect("|");
    }
  }

  void read_source(unsigned vertex, unsigned place) {
    for (unsigned source = 0; source < vertex; ++source)
      if (!dag_.has_edge(source, place) && in_.accept(std::to_string(source)))
        return dag_.flip_edge(source, place);
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
        dag_.operations[vertex] = read_operation({});
      expect(quote);
    }
    expect("]");
    for (unsigned to = 1; to < size; ++to)
      for (unsigned from = 0; from < to; ++from)
        if (rows[from][to]) dag_.flip_edge(from, to + 1 == size ? output_ : to);
  }

  void read_row(std::vector<std::vector<bool>>& rows) {
    const std::size_t size = rows.empty() ? output_ + 1 : rows.front().size();
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
    // The longest first: one name may begin with another.
    std::vector<std::string> names = cells_.operations;
    std::ranges::stable_sort(names, std::ranges::greater(), &std::string::size);
    for (const std::string& name : names)
      if (in_.accept(name))
        return static_cast<unsigned>(std::ranges::find(cells_.operations, name) - cells_.operations.begin()) +
               1;
    others.insert(others.begin(), cells_.operations.begin(), cells_.operations.end());
    refuse("one of " + join_names(others));
  }

  void expect(std::string_view token) {
    if (!in_.accept(token)) refuse(quoted(token, token.size()));
  }

  [[noreturn]] void refuse(const std::string& expected) {
    in_.skip_spaces();
    throw UsageError(
        {.what = fmt::format("not a {} cell: {}", cells_.title, in_.found()),
         .where = "character " + std::to_string(in_.position + 1) + " of " + quoted(in_.text, 100),
         .expected = expected,
         .remedy =
             fmt::format("write a cell as |{}~0|{}~0~1|output~1~2|, or its matrix and its operations as "
                         "[[0, 1], [0, 0]], ['input', 'output']",
                         cells_.operations.front(), cells_.operations.back())});
  }

  TokenReader in_;
  const DagCells& cells_;
  const unsigned output_;
  Dag dag_;
};

}  // namespace

std::string print_dag(const Dag& dag, const DagCells& cells) {
  const unsigned output = static_cast<unsigned>(cells.vertices) - 1;
  std::string text = "|";
  for (unsigned vertex = 1; vertex <= output; ++vertex) {
    if (vertex < output && dag.operations[vertex] == 0) continue;
    text += vertex == output ? "output" : cells.operations[dag.operations[vertex] - 1];
    for (unsigned source = 0; source < vertex; ++source)
      if (dag.has_edge(source, vertex)) text += "~" + std::to_string(source);
    text += "|";
  }
  return text;
}

Dag parse_dag(std::string_view text, const DagCells& cells) { return DagReader(text, cells).read(); }

}  // namespace espalier
