#include "run/job_options.h"

#include "run/environment.h"

namespace espalier::host {

JobOptions job_options(const RunOptions& options, const PreparedRun& run, const RunDirectory& directory,
                       const PluginRegistry& registry, const StopRequests& stop) {
  return {.unit = {},
          .directory = directory.path(),
          .workers = worker_count(options.jobs, run.uses_all_cores),
          .quiet = options.quiet,
          .checkpoint_interval = options.checkpoint_interval,
          .stop_requested = [&stop] { return stop.arrived(); },
          .before_first =
              [&run, &directory, &registry] {
                directory.write("environment.json", environment(run.plugins, registry));
              }};
}

}  // namespace espalier::host
