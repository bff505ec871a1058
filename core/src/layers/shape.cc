#include "espalier/layers/shape.h"

#include <fmt/format.h>

namespace espalier {

std::string to_string(const Shape& shape) {
  return fmt::format("{}×{}×{}", shape.channels, shape.height, shape.width);
}

}  // namespace espalier
