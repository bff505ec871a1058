#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace espalier::host {

/// Counts at places 0 to size - 1, which can be added to and summed up to a place in O(log size) (Fenwick,
/// 1994): sums_[i] holds those of the places from i - (i & -i) to i - 1.
class PrefixSums {
 public:
  explicit PrefixSums(std::size_t size) : sums_(size + 1) {}

  void add(std::size_t place, std::int64_t count) {
    total_ += count;
    for (std::size_t i = place + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += count;
  }
  /// The sum over all places before `place`.
  std::int64_t below(std::size_t place) const {
    std::int64_t sum = 0;
    for (std::size_t i = place; i > 0; i &= i - 1) sum += sums_[i];
    return sum;
  }
  std::int64_t total() const { return total_; }

 private:
  std::vector<std::int64_t> sums_;
  std::int64_t total_ = 0;
};

}  // namespace espalier::host
