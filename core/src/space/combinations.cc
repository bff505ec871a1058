#include "space/combinations.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace espalier {

Combinations::Combinations(const Weights& weights) : weights_(weights) {
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

Combinations::Weights Combinations::next() {
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

void Combinations::follow(const Combination& from, std::size_t choice) {
  const std::size_t rank = from.ranks[choice];
  if (rank + 1 == by_weight_[choice].size()) return;
  Combination next = from;
  next.changed = choice;
  ++next.ranks[choice];
  const auto log_weight = [&](std::size_t at) { return std::log(weights_[choice][by_weight_[choice][at]]); };
  next.log_probability += log_weight(rank + 1) - log_weight(rank);
  if (std::isfinite(next.log_probability)) queue_.push(std::move(next));  // a weight of 0 is impossible
}

}  // namespace espalier
