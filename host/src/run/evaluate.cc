#include "espalier/host/run/evaluate.h"

#include "directory/result_file.h"
#include "directory/run_directory.h"
#include "run/job_options.h"
#include "run/prepared_run.h"
#include "run/stop_requests.h"
#include "run/training_jobs.h"

namespace espalier::host {
namespace {

constexpr const char* label = "evaluate";

std::vector<TrainedArchitecture> finished(const std::vector<Training>& trainings,
                                          const RunDirectory& directory, const std::string& architecture) {
  std::vector<TrainedArchitecture> results;
  for (const Training& training : trainings) {
    const auto file = directory.path() / training.folder / JobFiles::result;
    const auto result = read_training(file, label, training.seed, architecture);
    if (!result) throw result_gone(file);
    results.push_back(*result);
  }
  return results;
}

}  // namespace

// A run of one phase.
std::vector<TrainedArchitecture> evaluate(const EvaluateConfig& config, const RunOptions& options,
                                          PluginRegistry& registry) {
  const StopRequests stop;
  const PreparedRun run = prepare(config, registry);
  const RunDirectory directory(options.directory, run.resolved, options.overwrite);
  const std::string architecture = run.resolved.find("architecture")->scalar;
  const auto trainings = trainings_from_scratch(config.evaluate, config.seed);
  std::vector<Job> jobs;
  jobs.reserve(trainings.size());
  for (const Training& training : trainings)
    jobs.push_back(training_job(training, label, architecture, directory.path() / training.folder,
                                training.what,
                                {.trainer = *run.evaluation, .space = *run.space, .dataset = *run.dataset}));
  JobOptions how = job_options(options, run, directory, registry, stop);
  how.unit = "trainings";
  run_jobs(jobs, how);
  return finished(trainings, directory, architecture);
}

}  // namespace espalier::host
