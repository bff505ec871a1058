#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;

/// Local search of White et al., 2020: tries the neighbors of a point in random order and moves to the best;
/// when none is better, it starts again at a random point. When more asks are pending than neighbors are
/// left, the additional ones are random points, which compete with the neighbors.
class LocalSearch final : public DiscreteOptimizer {
 public:
  explicit LocalSearch(const Config& config)
      : move_(config.choice(
            "move", "best", {"best", "first"},
            "which better neighbor the search moves to: the best, or the first that it finds")) {}

 protected:
  Proposal ask_impl(Rng& rng) override {
    if (ahead_.empty()) return space().sample(rng);
    std::swap(ahead_[rng.below(ahead_.size())], ahead_.back());
    waiting_.push_back(ahead_.back());
    ahead_.pop_back();
    return waiting_.back();
  }

  void tell_impl(const Trial& trial, const Outcome& outcome) override {
    std::erase(waiting_, trial.architecture);
    if (best_.empty() || outcome.value() > value_) {
      better_ = true;
      best_ = {trial.architecture};
      value_ = outcome.value();
    }
    const bool all_told = ahead_.empty() && waiting_.empty();
    if (better_ && (all_told || move_ == "first")) {
      better_ = false;
      ahead_ = space().neighbours(best_.front());
      std::erase_if(ahead_, [&](const Architecture& neighbor) { return !allowed(neighbor); });
      waiting_.clear();
    } else if (all_told) {
      best_.clear();
    }
  }

  void save_impl(nlohmann::json& state) const override { to_json(state, *this); }
  void load_impl(const nlohmann::json& state) override {
    from_json(state, *this);
    for (const auto* list : {&best_, &ahead_, &waiting_}) {
      for (const Architecture& architecture : *list) space().check(architecture);
    }
  }

 private:
  std::string move_;
  bool better_ = false;                        ///< whether best_ beats the point whose neighbors are tried
  double value_ = 0.0;                         ///< of best_
  std::vector<Architecture> best_;             ///< since the last restart: one, or none yet
  std::vector<Architecture> ahead_, waiting_;  ///< neighbors to ask about; asked and not told
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(LocalSearch, better_, value_, best_, ahead_, waiting_)
};

ESPALIER_OPTIMIZER(local_search, LocalSearch, "1.0.0")
