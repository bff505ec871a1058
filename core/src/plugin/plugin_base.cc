#include "espalier/plugin/plugin_base.h"

namespace espalier {

Plugin::~Plugin() = default;

}  // namespace espalier
