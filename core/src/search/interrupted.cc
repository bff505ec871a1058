#include "espalier/search/interrupted.h"

namespace espalier {

Interrupted::~Interrupted() = default;

Interrupted Interrupted::after_checkpoint() {
  return Interrupted({.what = "stopped after a checkpoint", .remedy = "run the same again to continue"});
}

}  // namespace espalier
