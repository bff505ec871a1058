#include "espalier/graph/weighting.h"

namespace espalier {

Weighting::~Weighting() = default;

}  // namespace espalier
