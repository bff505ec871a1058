#include "espalier/host/run/evaluate.h"

#include <fmt/format.h>

#include "config/config_keys.h"
#include "config/seeds.h"
#include "directory/finished_job.h"
#include "directory/result_file.h"
#include "directory/run_directory.h"
#include "espalier/errors/errors.h"
#include "run/evaluate_prepared.h"
#include "run/job_options.h"
#include "run/prepared_run.h"
#include "run/run_record.h"
#include "run/stop_requests.h"
#include "run/training_jobs.h"

namespace espalier::host {
namespace {

constexpr const char* search_label = "evaluate";

std::vector<TrainedArchitecture> finished(const std::vector<Training>& trainings,
                                          const RunDirectory& directory) {
  std::vector<TrainedArchitecture> results;
  for (const Training& training : trainings) {
    const auto file = directory.path() / training.folder / JobFiles::result;
    const auto result = read_training(file);
    if (!result) throw result_gone(file);
    results.push_back(*result);
  }
  return results;
}

}  // namespace

EvaluateConfig EvaluateConfig::from(const ConfigValue& config) {
  expect_map(config, "the config", "search_space, architecture, dataset, evaluate …");
  expect_keys(config, "the config",
              {"search_space", "architecture", "dataset", "evaluate", "seed", "plugin_path", "smoke"},
              "a config with architecture: trains this one alone; a search has optimizer: in its place");
  const auto value = [&](const char* key, const char* example) -> const ConfigValue& {
    return required(config, key, "the config", fmt::format("write `{}: {}`, for example", key, example));
  };
  const ConfigValue& architecture = value("architecture", "\"…\"");
  if (architecture.kind != ConfigValue::Kind::scalar)
    throw UsageError({.what = "architecture: is not text",
                      .where = to_string(architecture.where),
                      .expected = "an architecture as `espalier sample` prints it, in quotes"});
  EvaluateConfig result{.search_space = Component::from(value("search_space", "nasbench201"), "search_space"),
                        .architecture = architecture.scalar,
                        .dataset = Component::from(value("dataset", "cifar10"), "dataset"),
                        .evaluate = EvaluateSection::from(value("evaluate", "{epochs: 100}")),
                        .where = architecture.where,
                        .epochs_option = "evaluate.epochs"};
  const std::vector<std::uint64_t> seeds = find_seeds(config);
  if (!seeds.empty() && !result.evaluate.seeds.empty())
    throw UsageError({.what = "both seed and evaluate.seeds are given",
                      .where = to_string(config.find("seed")->where),
                      .expected = "one of them",
                      .remedy = "evaluate.seeds: 0..2 trains with several"});
  if (!seeds.empty()) result.seed = seeds.front();
  return result;
}

// A run of one phase.
std::vector<TrainedArchitecture> evaluate(const EvaluateConfig& config, const RunOptions& options,
                                          PluginRegistry& registry) {
  return evaluate(prepare(config, registry), config, options, registry);
}

std::vector<TrainedArchitecture> evaluate(const PreparedRun& run, const EvaluateConfig& config,
                                          const RunOptions& options, const PluginRegistry& registry) {
  const StopRequests stop;
  const RunDirectory directory(options.directory, run.resolved, run.growing, options.overwrite);
  const RunRecord record(run, directory, options, registry);
  const std::string architecture = run.resolved.find("architecture")->scalar;
  const auto trainings = trainings_from_scratch(config.evaluate, config.seed);
  std::vector<Job> jobs;
  jobs.reserve(trainings.size());
  for (const Training& training : trainings)
    jobs.push_back(training_job(training, search_label, architecture, directory.path() / training.folder,
                                training.what,
                                {.trainer = *run.evaluation, .space = *run.space, .dataset = *run.dataset}));
  JobOptions how = job_options(options, run, directory, record, stop);
  how.unit = "trainings";
  how.notice = epochs_notice(run.resolved.find("evaluate"),
                             directory.held_results() ? "" : config.epochs_option, jobs.size());
  run_jobs(jobs, how);
  return finished(trainings, directory);
}

}  // namespace espalier::host
