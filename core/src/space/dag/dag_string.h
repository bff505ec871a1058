#pragma once

#include <string>
#include <string_view>

#include "espalier/space/dag_space.h"
#include "space/dag/dag.h"

/// The strings of cells, which DagSpace describes.
namespace espalier {

/// Requires a canonical cell.
std::string print_dag(const Dag& dag, const DagCells& cells);
/// Throws UsageError that says what was expected at which character.
Dag parse_dag(std::string_view text, const DagCells& cells);

}  // namespace espalier
