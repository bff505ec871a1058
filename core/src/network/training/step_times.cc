#include "training/step_times.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "espalier/network/training/training_limits.h"

namespace espalier {
namespace {

constexpr std::size_t kFirstSteps = 3;
constexpr std::size_t kEnoughSteps = 20;
constexpr double kEnoughOfTheTime = 0.02;

}  // namespace

void StepTimes::add() {
  const auto now = std::chrono::steady_clock::now();
  all_.push_back(std::chrono::duration<double>(now - std::exchange(last_, now)).count());
}

bool StepTimes::suffice(double seconds) const {
  return all_.size() >= kFirstSteps + kEnoughSteps &&
         std::accumulate(all_.begin(), all_.end(), 0.0) >= kEnoughOfTheTime * seconds;
}

std::vector<double> StepTimes::seconds() const {
  const std::size_t first = all_.size() > kFirstSteps ? kFirstSteps : 0;
  return {all_.begin() + static_cast<std::ptrdiff_t>(first), all_.end()};
}

int epochs_within(double seconds, std::span<const double> step_seconds, double steps, int least, int most) {
  std::vector<double> sorted(step_seconds.begin(), step_seconds.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  // Compared as numbers: what an int cannot hold must not become one.
  return static_cast<int>(std::clamp(seconds / std::max(*middle * steps, 1e-9), static_cast<double>(least),
                                     static_cast<double>(most)));
}

}  // namespace espalier
