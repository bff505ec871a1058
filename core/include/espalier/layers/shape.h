#pragma once

#include <cstdint>
#include <string>

#include "espalier/plugin/export.h"

namespace espalier {

/// The shape of one image's tensor, the batch dimension left out: channels × height × width.
struct Shape {
  int channels = 0;
  int height = 0;
  int width = 0;

  std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// "16×32×32".
ESPALIER_EXPORT std::string to_string(const Shape& shape);

}  // namespace espalier
