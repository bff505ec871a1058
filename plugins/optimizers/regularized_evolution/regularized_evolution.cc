#include <boost/circular_buffer.hpp>

#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;
using nlohmann::json;

struct Member {
  Architecture architecture;
  double value = 0.0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Member, architecture, value)
};

/// Regularized (aging) evolution of Real et al., 2019: the winner of a random tournament is mutated, and the
/// oldest member dies.
class RegularizedEvolution final : public DiscreteOptimizer {
 public:
  explicit RegularizedEvolution(const Config& config)
      : population_(config.integer<std::size_t>(
            "population_size", 100,
            "how many architectures the population holds; it begins with that many random ones",
            between(1, 1'000'000))),
        sample_size_(config.integer(
            "sample_size", 10, "how many members a tournament draws from the population, with replacement",
            between(1, 1'000'000))) {}

 protected:
  Proposal ask_impl(Rng& rng) override {
    if (asked() < population_.capacity() || population_.empty()) return space().sample(rng);
    const Member* winner = nullptr;
    for (int i = 0; i < sample_size_; ++i) {
      const Member& member = population_[rng.below(population_.size())];
      if (winner == nullptr || member.value > winner->value) winner = &member;
    }
    return space().mutate(winner->architecture, rng);
  }

  /// A full ring buffer overwrites its oldest member.
  void tell_impl(const Trial& trial, const Outcome& outcome) override {
    population_.push_back({trial.architecture, outcome.value()});
  }

  void save_impl(json& state) const override { state["population"] = population_; }

  void load_impl(const json& state) override {
    population_.clear();
    for (const Member& member : state.at("population").get<std::vector<Member>>()) {
      space().check(member.architecture);
      population_.push_back(member);
    }
  }

 private:
  boost::circular_buffer<Member> population_;
  int sample_size_;
};

ESPALIER_OPTIMIZER(regularized_evolution, RegularizedEvolution, "1.0.0")
