#pragma once

#include <vector>

#include "directory/run_directory.h"
#include "espalier/host/run/run.h"
#include "report/summarize.h"
#include "run/prepared_run.h"
#include "run/stop_requests.h"

namespace espalier::host {

/// Trains the baselines of a run, whose searches and trainings have ended with `finished`. Each is a run of
/// its own with a given architecture, in a folder within `baselines/`, so that all that can be done with such
/// a run can be done with it. One whose architecture or width is another now, because the run has grown, is
/// trained anew. Throws what evaluate() throws, and Interrupted when a stop has arrived before.
std::vector<BaselineResult> train_baselines(const RunConfig& config, const PreparedRun& run,
                                            const std::vector<FinishedMethod>& finished,
                                            const RunOptions& options, const StopRequests& stop);

}  // namespace espalier::host
