#include "espalier/layers/layer.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <typeinfo>

namespace espalier {

LayerDefinition::~LayerDefinition() = default;

std::int64_t LayerDefinition::multiply_adds(std::span<const Shape> inputs) const { return flops(inputs); }

std::string LayerDefinition::origin() const {
  Dl_info info{};
  const bool found = ::dladdr(&typeid(*this), &info) != 0;
  return fmt::format("layer '{}' ({})", kind(), found ? info.dli_fname : "of no file");
}

}  // namespace espalier
