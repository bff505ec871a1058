#pragma once

#include <vector>

#include "espalier/random/random.h"
#include "space/dag/dag_forms.h"

/// Changes to canonical cells, which DagSpace describes.
namespace espalier {

Dag mutated(const Dag& parent, const DagForms& forms, Rng& rng);
std::vector<Dag> neighbours(const Dag& dag, const DagForms& forms);

}  // namespace espalier
