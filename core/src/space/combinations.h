#pragma once

#include <cstddef>
#include <cstdint>
#include <queue>
#include <vector>

namespace espalier {

/// The combinations of candidates in the order of their probability (Lawler, 1972). Each choice's candidates
/// are ranked by their weight; the most probable combination takes the first of each. One that is taken from
/// the queue puts in those that follow from it by the next rank at one choice, at the choice changed last or
/// a later one, so that each combination is put in once, by one that is at least as probable.
class Combinations {
 public:
  using Weights = std::vector<std::vector<double>>;  ///< [choices][candidates]

  /// What a weight of 0 means: that a candidate is impossible, or that it comes after all others.
  enum class Zero { impossible, last };

  /// `weights` outlives it.
  Combinations(const Weights& weights, Zero zero);

  bool empty() const { return queue_.empty(); }

  /// The candidate of each choice in the next combination.
  std::vector<std::size_t> next();

 private:
  struct Combination {
    double log_probability = 0.0;
    std::vector<std::uint16_t> ranks = {};
    std::size_t changed = 0;  ///< the choice whose rank changed last

    bool operator<(const Combination& other) const {
      if (log_probability != other.log_probability) return log_probability < other.log_probability;
      return ranks > other.ranks;  // an order for equals, so that the result is one
    }
  };

  void follow(const Combination& from, std::size_t choice);

  const Weights& weights_;
  Zero zero_;
  std::vector<std::vector<std::size_t>> by_weight_;  ///< [choices][rank]: the candidate
  std::priority_queue<Combination> queue_;
};

}  // namespace espalier
