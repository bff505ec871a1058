#pragma once

#include <cstdint>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// The shape of one image's tensor without the batch dimension: channels, and height and width in pixels.
struct Shape {
  int channels = 0;
  int height = 0;
  int width = 0;

  std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// Channels, height and width: "16×32×32".
ESPALIER_EXPORT std::string to_string(const Shape& shape);

}  // namespace espalier
