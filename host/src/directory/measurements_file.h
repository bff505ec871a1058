#pragma once

#include "directory/run_directory.h"
#include "espalier/search/measurements.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// What was measured in a run, in measurements.jsonl: reads what earlier processes measured, and appends each
/// new value before a search sees it. So a search that is resumed sees the same values again.
///
/// A last line that a kill cut short is measured again. Throws Error when another line is damaged. `space`
/// and `directory` outlive `measurements`.
void keep_measurements(Measurements& measurements, const SearchSpace& space, const RunDirectory& directory);

}  // namespace espalier::host
