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

/// Regularized (ageing) evolution of Real et al., 2019: the winner of a random tournament is mutated,
/// the oldest member dies.
class RegularizedEvolution final : public DiscreteOptimizer {
 public:
  explicit RegularizedEvolution(const Config& config)
      : population_(config.integer("population_size", 100,
                                   "architectures alive at once; so many start at random",
                                   between<std::int64_t>(1, 1'000'000))),
        sample_size_(config.integer("sample_size", 10, "members drawn for a tournament, with replacement",
                                    between<std::int64_t>(1, 1'000'000))) {}

 protected:
  Architecture ask_impl(Rng& rng) override {
    if (asked() < population_.capacity() || population_.empty()) return space().sample(rng);
    const Member* winner = nullptr;
    for (std::int64_t i = 0; i < sample_size_; ++i) {
      const Member& member = population_[rng.below(population_.size())];
      if (winner == nullptr || member.value > winner->value) winner = &member;
    }
    return space().mutate(winner->architecture, rng);
  }

  /// A full ring overwrites its oldest.
  void tell_impl(const Architecture& architecture, const Outcome& outcome) override {
    population_.push_back({architecture, outcome.value});
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
  std::int64_t sample_size_;
};

ESPALIER_OPTIMIZER(regularized_evolution, RegularizedEvolution, "1.0.0")
