#pragma once

#include <string>

namespace espalier {

/// Whether a larger or a smaller value of a metric is better.
enum class Direction { maximize, minimize };

/// A figure that a benchmark knows of an architecture.
struct Metric {
  std::string name;                           ///< "validation_accuracy": letters, digits and '_'
  std::string unit = {};                      ///< "%", "s", "ms", "count", …; empty for a bare number
  Direction direction = Direction::maximize;  ///< which values are better
  std::string help = {};                      ///< one line for people
  /// Whether it is measured, so that the same question may get another answer next time. A run asks once for
  /// each architecture and keeps the answer.
  bool measured = false;
  /// Whether some architectures have no value. A search for it passes over those as over what a constraint
  /// refuses; the lack of any other objective's value ends a search.
  bool partial = false;
};

/// [any-thread] A value of the metric so that higher is better: with the other sign where the metric is
/// minimized. The same function turns such a number back into a value of the metric.
inline double higher_is_better(const Metric& metric, double value) {
  return metric.direction == Direction::minimize ? -value : value;
}

}  // namespace espalier
