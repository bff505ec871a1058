#include "espalier/network/compile/module_layer.h"

namespace espalier {

LayerModule::~LayerModule() = default;
ModuleLayer::~ModuleLayer() = default;

}  // namespace espalier
