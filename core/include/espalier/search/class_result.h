#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace espalier {

/// How a network did on the images of one class.
struct ClassResult {
  std::uint64_t images = 0;
  std::uint64_t correct = 0;
  /// How many of them it took for each class, in the order of the labels: a row of the confusion matrix.
  /// Empty where the trainer does not tell.
  std::vector<std::uint64_t> predicted = {};

  /// Percent; nothing without images.
  std::optional<double> accuracy() const {
    if (images == 0) return std::nullopt;
    return 100.0 * static_cast<double>(correct) / static_cast<double>(images);
  }

  friend bool operator==(const ClassResult&, const ClassResult&) = default;
};

}  // namespace espalier
