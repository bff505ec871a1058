#include <espalier/plugin/plugin.h>
#include <espalier/search/discrete_optimizer.h>

class HillClimbing final : public espalier::DiscreteOptimizer {
 public:
  explicit HillClimbing(const espalier::Config& config)
      : random_(config.integer<std::uint64_t>(
            "random", 10, "how many architectures are sampled before the climb", espalier::at_least(1))) {}

 protected:
  espalier::Proposal ask_impl(espalier::Rng& rng) override {
    return told() < random_ ? space().sample(rng) : space().mutate(final_architecture(), rng);
  }

 private:
  std::uint64_t random_;
};

ESPALIER_OPTIMIZER(hill_climbing, HillClimbing, "1.0.0")
