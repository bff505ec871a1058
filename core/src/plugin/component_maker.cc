#include "espalier/plugin/component_maker.h"

namespace espalier {

ComponentMaker::~ComponentMaker() = default;

}  // namespace espalier
