#include "espalier/layer.h"

namespace espalier {

LayerDefinition::~LayerDefinition() = default;

}  // namespace espalier
