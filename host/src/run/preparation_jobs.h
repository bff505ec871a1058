#pragma once

#include <vector>

#include "directory/run_directory.h"
#include "run/job.h"
#include "run/prepared_run.h"

namespace espalier::host {

/// The jobs of the benchmarks that need a preparation. Each keeps what it prepared in its folder.
std::vector<Job> preparation_jobs(const PreparedRun& run, const RunDirectory& directory);

/// Hands what those jobs prepared, in this process or in an earlier one, to the benchmarks. Throws Error when
/// a file is gone or damaged.
void load_preparations(const PreparedRun& run, const RunDirectory& directory);

}  // namespace espalier::host
