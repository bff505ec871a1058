#include "espalier/architecture_json.h"
#include "espalier/discrete_optimizer.h"
#include "espalier/plugin.h"

using namespace espalier;
using nlohmann::json;

/// Local search of White et al., 2020: evaluates the neighbours of a point in random order and moves
/// to the best; where none is better it starts again at random. Where more asks are pending than
/// neighbours are left, the others are random points, which compete with the neighbours.
class LocalSearch final : public DiscreteOptimizer {
 public:
  explicit LocalSearch(const Config& config)
      : move_at_once_(config.choice("move", "best", {"best", "first"},
                                    "to the best of all neighbours, or to the first that is better") ==
                      "first") {}

 protected:
  Architecture propose(Rng& rng) override {
    if (ahead_.empty()) return space().sample(rng);
    std::swap(ahead_[rng.below(ahead_.size())], ahead_.back());
    waiting_.push_back(std::move(ahead_.back()));
    ahead_.pop_back();
    return waiting_.back();
  }

  void observe(const Architecture& architecture, const Evaluation& evaluation) override {
    const auto neighbour = std::find(waiting_.begin(), waiting_.end(), architecture);
    if (neighbour != waiting_.end()) waiting_.erase(neighbour);
    if (best_.empty() || evaluation.value > value_) {
      better_ = true;
      best_ = {architecture};
      value_ = evaluation.value;
    }
    if (better_ && (move_at_once_ || (ahead_.empty() && waiting_.empty()))) {
      better_ = false;
      ahead_ = space().neighbours(best_.front());
      waiting_.clear();
    } else if (ahead_.empty() && waiting_.empty()) {
      best_.clear();
    }
  }

  void save_state(json& state) const override {
    state = {
        {"best", best_}, {"value", value_}, {"better", better_}, {"ahead", ahead_}, {"waiting", waiting_}};
  }
  void load_state(const json& state) override {
    state.at("value").get_to(value_);
    state.at("better").get_to(better_);
    for (auto [key, list] : {std::pair{"best", &best_}, {"ahead", &ahead_}, {"waiting", &waiting_}}) {
      state.at(key).get_to(*list);
      for (const Architecture& architecture : *list) space().check(architecture);
    }
  }

 private:
  bool move_at_once_;
  bool better_ = false;                ///< whether best_ is better than the point whose neighbours these are
  double value_ = 0.0;                 ///< of best_
  std::vector<Architecture> best_;     ///< since the last restart: one, or none yet
  std::vector<Architecture> ahead_;    ///< neighbours to ask
  std::vector<Architecture> waiting_;  ///< neighbours asked and not told
};

ESPALIER_OPTIMIZER(local_search, LocalSearch, "1.0.0")
