#include "space/combinations.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace espalier {
namespace {

/// Finite for a weight of 0, too.
double log_weight(double weight) { return std::log(std::max(weight, 1e-300)); }

}  // namespace

Combinations::Combinations(const Weights& weights, Zero zero) : weights_(weights), zero_(zero) {
  Combination first;
  for (const auto& candidates : weights) {
    auto& order = by_weight_.emplace_back(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t candidate) { return candidates[candidate]; });
    first.ranks.push_back(0);
    first.log_probability += log_weight(candidates[order.front()]);
  }
  queue_.push(std::move(first));
}

std::vector<std::size_t> Combinations::next() {
  const Combination top = queue_.top();
  queue_.pop();
  std::vector<std::size_t> chosen;
  for (std::size_t choice = 0; choice < by_weight_.size(); ++choice)
    chosen.push_back(by_weight_[choice][top.ranks[choice]]);
  for (std::size_t choice = top.changed; choice < by_weight_.size(); ++choice) follow(top, choice);
  return chosen;
}

void Combinations::follow(const Combination& from, std::size_t choice) {
  const std::size_t rank = from.ranks[choice];
  if (rank + 1 == by_weight_[choice].size()) return;
  Combination next = from;
  next.changed = choice;
  ++next.ranks[choice];
  const auto weight = [&](std::size_t at) { return weights_[choice][by_weight_[choice][at]]; };
  if (zero_ == Zero::impossible && weight(rank + 1) <= 0.0) return;
  next.log_probability += log_weight(weight(rank + 1)) - log_weight(weight(rank));
  queue_.push(std::move(next));
}

}  // namespace espalier
