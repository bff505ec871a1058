#include "espalier/space/most_probable.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"

namespace espalier {
namespace {

class TripleSpace : public SearchSpace {
 public:
  TripleSpace() : SearchSpace(definition()) { set_name("triple"); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    cell.update_edges([](EdgeData& edge) {
      edge.set_op(Candidates{primitives::zero(), primitives::identity(), primitives::max_pool()});
    });
    return {.graph = std::move(cell), .input_shape = {.channels = 3, .height = 8, .width = 8}};
  }
};

const std::vector<std::vector<double>> kWeights = {{0.5, 0.3, 0.2}, {0.1, 0.6, 0.3}, {0.0, 0.45, 0.55}};

TEST(MostProbable, IsTheDiscretizationWhereThatIsAllowed) {
  const TripleSpace space;
  const auto all = [](const Architecture&) { return true; };
  EXPECT_EQ(most_probable(space, kWeights, all), space.discretize(kWeights));
}

/// Refusing one after the other, every architecture of non-zero weight comes, in the order of the products.
TEST(MostProbable, GoesThroughAllByTheirProbability) {
  const TripleSpace space;
  std::vector<Architecture> refused;
  std::vector<double> probabilities;
  for (int i = 0; i < 18; ++i) {
    refused.push_back(most_probable(space, kWeights, [&](const Architecture& architecture) {
      return std::ranges::find(refused, architecture) == refused.end();
    }));
    double product = 1.0;
    for (std::size_t choice = 0; choice < 3; ++choice) product *= kWeights[choice][refused.back()[choice]];
    probabilities.push_back(product);
  }
  EXPECT_EQ(refused.front(), (Architecture{0, 1, 2}));
  EXPECT_TRUE(std::ranges::is_sorted(probabilities, std::ranges::greater()));
  EXPECT_GT(probabilities.back(), 0.0);
  EXPECT_THROW((void)most_probable(space, kWeights,
                                   [&](const Architecture& architecture) {
                                     return std::ranges::find(refused, architecture) == refused.end();
                                   }),
               Error)
      << "the other nine have a weight of 0";
}

}  // namespace
}  // namespace espalier
