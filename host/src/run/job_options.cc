#include "run/job_options.h"

namespace espalier::host {

JobOptions job_options(const RunOptions& options, const PreparedRun& run, const RunDirectory& directory,
                       const RunRecord& record, const StopRequests& stop) {
  return {.unit = {},
          .directory = directory.path(),
          .workers = worker_count(options.jobs, run.uses_all_cores),
          .quiet = options.quiet,
          .checkpoint_interval = options.checkpoint_interval,
          .stop_requested = [&stop] { return stop.arrived(); },
          .before_first = [&record] { record.write_environment(); }};
}

}  // namespace espalier::host
