#pragma once

#include <optional>

#include "compile/frame.h"
#include "espalier/plan/plan.h"

namespace espalier {

/// Sets `frame.needed`: the tensors that the network's output depends on, and `auxiliary` where it is given.
/// A sum does not depend on candidates that its drawn weights leave out, and so these do not run.
void find_needed(const Plan& plan, std::optional<int> auxiliary, Frame& frame);

}  // namespace espalier
