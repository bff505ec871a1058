#pragma once

#include "espalier/plugin/export.h"
#include "espalier/search/outcome.h"

namespace espalier {

/// [any-thread] Whether `a` is at least as good as `b` in every objective and better in one (Pareto
/// dominance).
ESPALIER_EXPORT bool dominates(const Outcome& a, const Outcome& b);

}  // namespace espalier
