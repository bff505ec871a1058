#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/random/random.h"

// What must hold for every nested graph, tested on random ones.
namespace espalier {
namespace {

/// A random graph: some of its edges and nodes hold copies of the graphs in `parts`, alone or as candidates.
Graph random_graph(Rng& rng, const std::string& name, const std::vector<Graph>& parts) {
  Graph graph(name);
  const int nodes = 2 + static_cast<int>(rng.below(3));
  graph.add_node_range(1, nodes);
  const auto part = [&] { return Operation(parts[rng.below(parts.size())]); };
  for (int from = 1; from < nodes; ++from) {
    for (int to = from + 1; to <= nodes; ++to) {
      if (rng.below(4) == 0) continue;
      EdgeData& edge = graph.add_edge(from, to).edge(from, to);
      edge.set_final(rng.below(6) == 0);
      if (parts.empty() || rng.below(3) == 0) continue;
      edge.set_op(rng.below(2) == 0 ? part() : Operation(Candidates{part(), primitives::zero(), part()}));
    }
  }
  if (!parts.empty() && rng.below(4) == 0) graph.node(nodes).set_op(part());
  graph.set_scope(rng.below(2) == 0 ? "even" : "odd", false);
  return graph;
}

/// Four levels. The graphs of each nest copies of those below, so that a graph has copies at several depths.
Graph random_nest(std::uint64_t seed) {
  Rng rng(seed, "random_nest");
  std::vector<Graph> parts;
  for (int level = 0; level < 4; ++level) {
    const std::vector<Graph> below = parts;
    for (int i = 0; i < 2; ++i) {
      parts.push_back(random_graph(rng, "g" + std::to_string(level) + std::to_string(i), below));
    }
  }
  return parts.back();
}

struct Census {
  std::vector<std::string> instances;
  std::vector<const void*> edges;  ///< shared identities of all instances, in order
  std::size_t distinct = 0;

  Census(const Graph& graph, const Scopes& scopes) {
    for (const Graph* instance : graph.instances(scopes)) instances.push_back(instance->name());
    graph.visit_edges([&](const EdgeData& edge) { edges.push_back(edge.shared_identity()); }, scopes);
    graph.visit_edges([&](const EdgeData&) { ++distinct; }, scopes, false);
  }
};

class RandomGraphs : public ::testing::TestWithParam<Scopes> {};

TEST_P(RandomGraphs, SharedVisitsSeeEveryIdentityOnce) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Census census(random_nest(seed), GetParam());
    const std::set<const void*> identities(census.edges.begin(), census.edges.end());
    EXPECT_EQ(identities.size(), census.distinct) << "seed " << seed;
  }
}

TEST_P(RandomGraphs, CopiesShareEverythingAndClonesNothing) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Graph graph = random_nest(seed);
    const Graph copied = graph.copy();
    const Graph cloned = graph.clone();
    const Census original(graph, GetParam());
    const Census copy(copied, GetParam());
    const Census clone(cloned, GetParam());

    EXPECT_EQ(copy.instances, original.instances) << "seed " << seed;
    EXPECT_EQ(copy.edges, original.edges) << "seed " << seed;
    EXPECT_EQ(clone.instances, original.instances) << "seed " << seed;
    EXPECT_EQ(clone.distinct, original.distinct) << "seed " << seed;
    ASSERT_EQ(clone.edges.size(), original.edges.size()) << "seed " << seed;
    const std::set<const void*> ours(original.edges.begin(), original.edges.end());
    for (const void* identity : clone.edges) EXPECT_FALSE(ours.contains(identity)) << "seed " << seed;
    // The clone shares attributes among the same edges.
    for (std::size_t i = 0; i + 1 < original.edges.size(); ++i) {
      EXPECT_EQ(original.edges[i] == original.edges[i + 1], clone.edges[i] == clone.edges[i + 1]);
    }
  }
}

TEST_P(RandomGraphs, ASharedAttributeReachesEveryInstanceInScope) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Graph graph = random_nest(seed);
    int set = 0;
    graph.update_edges([&](EdgeData& edge) { edge.set("alpha", set++, Sharing::shared_data); }, GetParam(),
                       false);
    int missing = 0;
    graph.visit_edges([&](const EdgeData& edge) { missing += !edge.has("alpha"); }, GetParam());
    EXPECT_EQ(missing, 0) << "seed " << seed;
    const std::vector<int> values = graph.all_edge_data<int>("alpha", GetParam());
    EXPECT_EQ(std::set<int>(values.begin(), values.end()).size(), static_cast<std::size_t>(set));
    EXPECT_EQ(values.size(), static_cast<std::size_t>(set)) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Scopes, RandomGraphs,
                         ::testing::Values(Scopes{}, Scopes{"even"}, Scopes{"odd"}, Scopes{"even", "odd"}));

}  // namespace
}  // namespace espalier
