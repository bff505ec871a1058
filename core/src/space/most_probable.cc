#include "espalier/space/most_probable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <queue>

#include "espalier/errors/errors.h"

// The combinations of candidates in the order of their probability (Lawler, 1972). Each choice's candidates
// are ranked by their weight; the most probable combination takes the first of each. One that is taken from
// the queue puts in those that follow from it by the next rank at one choice, at the choice changed last or a
// later one, so that each combination is put in once, by one that is at least as probable.
namespace espalier {
namespace {

using Weights = std::vector<std::vector<double>>;

struct Combination {
  double log_probability = 0.0;
  std::vector<std::uint16_t> ranks;
  std::size_t changed = 0;  ///< the choice whose rank changed last
};

struct LessProbable {
  bool operator()(const Combination& a, const Combination& b) const {
    if (a.log_probability != b.log_probability) return a.log_probability < b.log_probability;
    return a.ranks > b.ranks;  // an order for equals, so that the result is one
  }
};

class Combinations {
 public:
  explicit Combinations(const Weights& weights) : weights_(weights) {
    Combination first;
    for (const auto& candidates : weights) {
      auto& order = by_weight_.emplace_back(candidates.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, std::ranges::greater(),
                               [&](std::size_t candidate) { return candidates[candidate]; });
      first.ranks.push_back(0);
      first.log_probability += std::log(candidates[order.front()]);
    }
    queue_.push(std::move(first));
  }

  bool empty() const { return queue_.empty(); }

  /// The weights of the next combination: those of the chosen candidates stand out. The others keep their
  /// order, for a space whose discretization has a rule of its own.
  Weights next() {
    constexpr double kOther = 1e-9;
    const Combination top = queue_.top();
    queue_.pop();
    Weights weights = weights_;
    for (std::size_t choice = 0; choice < weights.size(); ++choice) {
      const std::size_t chosen = by_weight_[choice][top.ranks[choice]];
      for (std::size_t i = 0; i < weights[choice].size(); ++i)
        if (i != chosen) weights[choice][i] *= kOther;
    }
    for (std::size_t choice = top.changed; choice < weights.size(); ++choice) follow(top, choice);
    return weights;
  }

 private:
  void follow(const Combination& from, std::size_t choice) {
    const std::size_t rank = from.ranks[choice];
    if (rank + 1 == by_weight_[choice].size()) return;
    Combination next = from;
    next.changed = choice;
    ++next.ranks[choice];
    const auto log_weight = [&](std::size_t at) {
      return std::log(weights_[choice][by_weight_[choice][at]]);
    };
    next.log_probability += log_weight(rank + 1) - log_weight(rank);
    if (std::isfinite(next.log_probability)) queue_.push(std::move(next));  // a weight of 0 is impossible
  }

  const Weights& weights_;
  std::vector<std::vector<std::size_t>> by_weight_;  ///< [choices][rank]: the candidate
  std::priority_queue<Combination, std::vector<Combination>, LessProbable> queue_;
};

}  // namespace

Architecture most_probable(const SearchSpace& space, const Weights& weights,
                           const std::function<bool(const Architecture&)>& allowed) {
  Architecture found = space.discretize(weights);
  if (allowed(found)) return found;
  constexpr int kMost = 100'000;
  Combinations combinations(weights);
  Architecture before = found;
  for (int i = 0; i < kMost && !combinations.empty(); ++i) {
    found = space.discretize(combinations.next());
    if (found == before) continue;
    if (allowed(found)) return found;
    before = found;
  }
  throw Error({.what = "the constraints refuse every architecture that the search could end on",
               .expected = fmt::format("one that keeps them among the {} most probable", kMost),
               .remedy = "loosen the constraints"});
}

}  // namespace espalier
