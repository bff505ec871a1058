#include <espalier/plugin/plugin.h>
#include <espalier/search/discrete_optimizer.h>
#include <espalier/space/architecture_json.h>

class HillClimbing final : public espalier::DiscreteOptimizer {
 public:
  explicit HillClimbing(const espalier::Config& config)
      : random_(
            config.integer("random", 10, "architectures sampled before the climb", espalier::at_least(1L))) {}

 private:
  espalier::Architecture ask_impl(espalier::Rng& rng) override {
    return told() < static_cast<std::uint64_t>(random_) ? space().sample(rng)
                                                        : space().mutate(final_architecture(), rng);
  }

  std::int64_t random_;
};

ESPALIER_OPTIMIZER(hill_climbing, HillClimbing, "1.0.0")
