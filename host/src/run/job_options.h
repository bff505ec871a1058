#pragma once

#include "directory/run_directory.h"
#include "espalier/host/run/run.h"
#include "run/job.h"
#include "run/prepared_run.h"
#include "run/run_record.h"
#include "run/stop_requests.h"

namespace espalier::host {

/// How the jobs of a run are done; their unit is left to each phase. Everything that is passed outlives the
/// result.
JobOptions job_options(const RunOptions& options, const PreparedRun& run, const RunDirectory& directory,
                       const RunRecord& record, const StopRequests& stop);

}  // namespace espalier::host
