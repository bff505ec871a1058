#include "reading.h"

#include <algorithm>
#include <cmath>

std::pair<std::size_t, std::size_t> interval_of_median(std::size_t count) {
  // Both tails together have at most 5 %, each half of it: Σ_{i ≤ k} C(n, i)/2ⁿ ≤ 2.5 %.
  constexpr double kTail = 0.025;
  const auto n = static_cast<double>(count);
  double logarithm = -n * std::log(2.0);  // of C(n, i)/2ⁿ
  double tail = 0.0;
  std::size_t below = 0;
  while (below < count / 2) {
    tail += std::exp(logarithm);
    if (tail > kTail) break;
    ++below;
    const auto i = static_cast<double>(below);
    logarithm += std::log(n - i + 1.0) - std::log(i);
  }
  const std::size_t low = below > 0 ? below - 1 : 0;
  return {low, count - 1 - low};
}

double median_of(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2.0;
}

Reading reading_of(std::vector<double> times) {
  std::ranges::sort(times);
  const auto [low, high] = interval_of_median(times.size());
  const double least = times[low];
  const double most = times[high];
  return {.median = median_of(std::move(times)), .low = least, .high = most};
}
