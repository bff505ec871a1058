#pragma once

#include <chrono>
#include <vector>

namespace espalier {

/// Measures the time of the first steps of a training, from which the number of its epochs is chosen.
class StepTimes {
 public:
  void begin() { last_ = std::chrono::steady_clock::now(); }
  /// A step has ended.
  void add();
  /// Whether the steps suffice for a training of so many seconds.
  bool suffice(double seconds) const;
  /// Of the steps without the first ones, which also allocate memory, where there are others.
  std::vector<double> seconds() const;

 private:
  std::chrono::steady_clock::time_point last_;
  std::vector<double> all_;
};

}  // namespace espalier
