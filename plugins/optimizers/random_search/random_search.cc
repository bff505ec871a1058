#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"

using namespace espalier;

/// Samples the space uniformly, with replacement, and keeps the best: the baseline for every search.
class RandomSearch final : public DiscreteOptimizer {
 public:
  explicit RandomSearch(const Config&) : DiscreteOptimizer(ObjectiveCount::any) {}

 protected:
  Proposal ask_impl(Rng& rng) override { return space().sample(rng); }
};

ESPALIER_OPTIMIZER(random_search, RandomSearch, "1.0.0")
