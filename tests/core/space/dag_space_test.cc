#include "espalier/space/dag_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

const std::vector<std::string> kNames = {"conv", "conv_wide", "pool"};

DagCells cells(int vertices, int edges, std::size_t operations) {
  return {.title = "small",
          .vertices = vertices,
          .edges = edges,
          .operations = {kNames.begin(), kNames.begin() + static_cast<std::ptrdiff_t>(operations)}};
}

SpaceDefinition definition(const DagCells& of) {
  Graph cell = dag_cell(of.vertices);
  cell.update_edges([](EdgeData& edge) {
    edge.set_op(Candidates{primitives::zero().renamed("none"), primitives::identity()});
  });
  for (int node = 2; node < of.vertices; ++node) {
    Candidates operations = {primitives::zero().renamed("none")};
    for (const std::string& name : of.operations)
      operations.emplace_back(primitives::identity().renamed(name));
    cell.node(node).set_op(operations);
  }
  return {.graph = std::move(cell), .input_shape = {.channels = 2, .height = 4, .width = 4}};
}

class SmallCells final : public DagSpace {
 public:
  explicit SmallCells(const DagCells& of) : DagSpace(definition(of), of) { set_name("small"); }
  SmallCells(SpaceDefinition given, const DagCells& of) : DagSpace(std::move(given), of) {}
};

/// Whether all vertices lie on a path from the first to the last.
bool is_whole(const std::vector<std::vector<bool>>& edges) {
  const std::size_t n = edges.size();
  std::vector<bool> reached(n, false);
  std::vector<bool> needed(n, false);
  reached.front() = needed.back() = true;
  for (std::size_t to = 1; to < n; ++to)
    for (std::size_t from = 0; from < to; ++from)
      if (edges[from][to] && reached[from]) reached[to] = true;
  for (std::size_t from = n - 1; from-- > 0;)
    for (std::size_t to = from + 1; to < n; ++to)
      if (edges[from][to] && needed[to]) needed[from] = true;
  return std::ranges::count(reached, true) + std::ranges::count(needed, true) ==
         static_cast<std::ptrdiff_t>(2 * n);
}

/// The smallest text of a cell over all orders of its inner vertices.
std::string smallest_text(const std::vector<std::vector<bool>>& edges, const std::vector<int>& operations) {
  const std::size_t n = edges.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::string smallest;
  do {
    std::string text;
    for (const std::size_t from : order)
      for (const std::size_t to : order) text += edges[from][to] ? '1' : '0';
    for (const std::size_t vertex : order) text += static_cast<char>('a' + operations[vertex]);
    if (smallest.empty() || text < smallest) smallest = text;
  } while (n > 2 && std::next_permutation(order.begin() + 1, order.end() - 1));
  return smallest;
}

/// Counts cells up to isomorphism by trying everything.
std::size_t count_cells(const DagCells& of) {
  std::set<std::string> found;
  const int kinds = static_cast<int>(of.operations.size());
  for (int n = 2; n <= of.vertices; ++n) {
    const auto size = static_cast<std::size_t>(n);
    for (std::uint32_t bits = 0; bits < 1U << n * (n - 1) / 2; ++bits) {
      std::vector<std::vector<bool>> edges(size, std::vector<bool>(size, false));
      int bit = 0;
      int count = 0;
      for (std::size_t to = 1; to < size; ++to)
        for (std::size_t from = 0; from < to; ++from) {
          edges[from][to] = (bits >> bit++ & 1U) != 0;
          count += edges[from][to] ? 1 : 0;
        }
      if (count > of.edges || !is_whole(edges)) continue;
      std::vector<int> operations(size, 0);
      for (std::size_t vertex = 0; vertex + 1 < size;) {
        found.insert(smallest_text(edges, operations));
        for (vertex = 1; vertex + 1 < size && ++operations[vertex] == kinds; ++vertex) operations[vertex] = 0;
      }
    }
  }
  return found.size();
}

TEST(DagSpace, HasAsManyArchitecturesAsThereAreCellsUpToIsomorphism) {
  for (const DagCells& of : {cells(3, 2, 1), cells(3, 3, 3), cells(4, 4, 2), cells(5, 5, 1), cells(5, 6, 2)})
    EXPECT_EQ(SmallCells(of).size(), count_cells(of)) << of.vertices << of.edges << of.operations.size();
  EXPECT_EQ(SmallCells(cells(4, 6, 3)).size(), 91) << "cells of NAS-Bench-101 with at most four vertices";
}

TEST(DagSpace, ArchitecturesReadBackFromTheirNumbersAndStrings) {
  const SmallCells space(cells(5, 6, 2));
  std::set<std::string> texts;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(space.size()); ++i) {
    const Architecture cell = space.at(i);
    EXPECT_NO_THROW(space.check(cell));
    EXPECT_EQ(space.index_of(cell), i);
    const std::string text = space.to_string(cell);
    EXPECT_EQ(space.parse(text), cell) << text;
    texts.insert(text);
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(space.size()));
}

TEST(DagSpace, ReadsEveryFormOfACell) {
  const SmallCells space(cells(5, 6, 3));
  const Architecture cell = space.parse("|conv~0|pool~0|output~1~2|");
  EXPECT_EQ(space.parse("|pool~0|conv~0|output~1~2|"), cell) << "in another order";
  EXPECT_EQ(space.parse("|conv~0|pool~0|pool~0|output~1~2|"), cell) << "what leads nowhere";
  EXPECT_EQ(space.parse("[[0,1,1,0],[0,0,0,1],[0,0,0,1],[0,0,0,0]], ['input','pool','conv','output']"), cell);
  EXPECT_NE(space.parse("|conv_wide~0|pool~0|output~1~2|"), cell) << "a name that begins with another";
}

TEST(DagSpace, NeighboursHaveAWayBack) {
  const SmallCells space(cells(5, 6, 2));
  Rng rng(0, "test");
  for (int i = 0; i < 30; ++i) {
    const Architecture cell = space.sample(rng);
    for (const Architecture& neighbour : space.neighbours(cell)) {
      EXPECT_NO_THROW(space.check(neighbour));
      EXPECT_NE(neighbour, cell);
      EXPECT_THAT(space.neighbours(neighbour), ::testing::Contains(cell));
    }
    EXPECT_NE(space.mutate(cell, rng), cell);
  }
  const SmallCells two(cells(3, 2, 1));
  std::vector<std::string> found;
  for (const Architecture& neighbour : two.neighbours(two.parse("|output~0|")))
    found.push_back(two.to_string(neighbour));
  EXPECT_THAT(found, UnorderedElementsAre()) << "|conv~0|output~1| is two changes away";
}

TEST(DagSpace, ARelaxationStandsForTheMostProbableCell) {
  const SmallCells space(cells(4, 4, 2));
  std::vector<std::vector<double>> weights;
  for (const Choice& choice : space.choices())
    weights.emplace_back(choice.candidates.size(), 1.0 / static_cast<double>(choice.candidates.size()));
  const Architecture favored = space.parse("|conv~0|conv_wide~1|output~2|");
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i][favored[i]] = 0.9;
  EXPECT_EQ(space.discretize(weights), favored);
}

TEST(DagSpace, RefusesCellsThatAreNone) {
  const SmallCells space(cells(4, 4, 2));
  const auto refusal = [&](std::string_view text) -> std::string {
    try {
      (void)space.parse(text);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no refusal";
  };
  EXPECT_THAT(refusal("|pool~0|output~1|"),
              AllOf(HasSubstr("not a small cell"), HasSubstr("one of conv, conv_wide")));
  EXPECT_THAT(refusal("|conv~0|conv~0~1|output~0~1~2|"),
              AllOf(HasSubstr("the cell has 6 edges"), HasSubstr("at most 4 on paths")));
  EXPECT_THAT(refusal("|conv~0|conv~1|conv~2|output~3|"), HasSubstr("at most 4 vertices"));
  EXPECT_THAT(refusal("[[0, 0], [0, 0]], ['input', 'output']"), HasSubstr("no path leads from the input"));
}

TEST(DagSpace, RefusesShapesAndGraphsThatDoNotFit) {
  const auto refusal = [](const DagCells& of, const DagCells& graph) -> std::string {
    try {
      const SmallCells space(definition(graph), of);
    } catch (const Error& error) {
      return error.what();
    }
    return "no refusal";
  };
  for (const DagCells& of : {cells(2, 2, 1), cells(8, 9, 1), cells(4, 1, 1), cells(4, 22, 1), cells(4, 4, 0)})
    EXPECT_THAT(refusal(of, cells(4, 4, 2)), HasSubstr("3 to 7 vertices, 2 to 21 edges and 1 to 7 kinds"));
  EXPECT_THAT(refusal(cells(5, 6, 2), cells(4, 4, 2)), HasSubstr("other choices than its cells"));
  EXPECT_EQ(refusal(cells(4, 4, 2), cells(4, 4, 2)), "no refusal");
}

}  // namespace
}  // namespace espalier
