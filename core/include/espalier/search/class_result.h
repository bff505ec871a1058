#pragma once

#include <cstdint>
#include <optional>

namespace espalier {

/// How a network did on the images of one class.
struct ClassResult {
  std::uint64_t images = 0;
  std::uint64_t correct = 0;

  /// Percent; nothing without images.
  std::optional<double> accuracy() const {
    if (images == 0) return std::nullopt;
    return 100.0 * static_cast<double>(correct) / static_cast<double>(images);
  }

  friend bool operator==(const ClassResult&, const ClassResult&) = default;
};

}  // namespace espalier
