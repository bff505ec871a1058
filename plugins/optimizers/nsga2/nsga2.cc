#include <cmath>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/pareto.h"
#include "espalier/search/trial_json.h"

using namespace espalier;
using std::ranges::any_of;

struct Member {
  Architecture architecture;
  Outcome outcome;
  int front = 0;          ///< 0: no other member dominates it
  double crowding = 0.0;  ///< how far apart its neighbors in its front are
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Member, architecture, outcome)
};

/// NSGA-II (Deb et al., 2002): a generation has as many children as parents. Of both together those of the
/// first fronts survive, and of the last front that has room those that are far from others.
class Nsga2 final : public DiscreteOptimizer {
 public:
  explicit Nsga2(const Config& config)
      : DiscreteOptimizer(ObjectiveCount::any),
        size_(config.integer<std::size_t>("population_size", 40, "how many members survive a generation",
                                          between(2, 100'000))) {}

 protected:
  /// A known architecture is proposed only where 100 draws give no other one.
  Proposal ask_impl(Rng& rng) override {
    Architecture drawn = draw(rng);
    const auto is_drawn = [&](const auto& other) { return other.architecture == drawn; };
    for (int i = 0; i < 99 && (any_of(members_, is_drawn) || any_of(pending(), is_drawn)); ++i)
      drawn = draw(rng);
    return drawn;
  }

  void tell_impl(const Trial& trial, const Outcome& outcome) override {
    members_.push_back({trial.architecture, outcome});
    if (members_.size() % size_ == 0) select();
  }

  void save_impl(nlohmann::json& state) const override { state["members"] = members_; }
  void load_impl(const nlohmann::json& state) override {
    state.at("members").get_to(members_);
    for (const Member& member : members_) {
      space().check(member.architecture);
      if (member.outcome.values.size() != problem().objectives.size())
        throw Error({.what = "a member has another number of objectives"});
    }
  }

 private:
  /// A mutant of a two-point crossover, or of its first parent where the crossover is no architecture. The
  /// parents are sorted, so that the first of two wins a tournament.
  Architecture draw(Rng& rng) const {
    if (members_.size() < size_) return space().sample(rng);
    const auto winner = [&] { return members_[std::min({rng.below(size_), rng.below(size_)})].architecture; };
    const Architecture parent = winner();
    const Architecture other = winner();
    const auto [begin, end] = std::minmax({rng.below(parent.size() + 1), rng.below(parent.size() + 1)});
    Architecture crossed = parent;
    for (std::size_t i = begin; i < end; ++i) crossed.set(i, other[i]);
    try {
      return space().mutate(space().canonical(crossed), rng);
    } catch (const UsageError&) {
      return space().mutate(parent, rng);
    }
  }

  /// Sorts the members by front, and within a front the least crowded first, and keeps the first of them.
  void select() {
    // In descending order of their values, those that dominate a member come before it.
    std::ranges::stable_sort(members_, std::greater(), [](auto& each) { return each.outcome.values; });
    for (auto member = members_.begin(); member != members_.end(); ++member) {
      member->front = 0;
      member->crowding = 0.0;
      for (auto other = members_.begin(); other != member; ++other)
        if (dominates(other->outcome, member->outcome))
          member->front = std::max(member->front, other->front + 1);
    }
    for (std::size_t k = 0; k < problem().objectives.size(); ++k) {
      const auto value = [k](const Member& each) { return each.outcome.values[k]; };
      const auto [lowest, highest] = std::ranges::minmax_element(members_, {}, value);
      const double range = value(*highest) - value(*lowest);
      std::ranges::stable_sort(members_, {}, [&](auto& each) { return std::pair(each.front, value(each)); });
      if (range == 0.0) continue;
      members_.front().crowding = members_.back().crowding = HUGE_VAL;
      for (std::size_t i = 1; i + 1 < members_.size(); ++i) {
        const bool inner = members_[i - 1].front == members_[i + 1].front;
        const double gap = value(members_[i + 1]) - value(members_[i - 1]);
        members_[i].crowding += inner ? gap / range : HUGE_VAL;
      }
    }
    std::ranges::stable_sort(members_, {}, [](auto& each) { return std::pair(each.front, -each.crowding); });
    members_.resize(size_);
  }

  std::size_t size_;
  std::vector<Member> members_;  ///< the parents, once there are so many, and then their children
};

ESPALIER_OPTIMIZER(nsga2, Nsga2, "1.0.0")
