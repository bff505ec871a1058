#include "espalier/weighting.h"

namespace espalier {

Weighting::~Weighting() = default;

}  // namespace espalier
