#include "espalier/host/run/evaluate.h"

#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/trainer.h"
#include "files/atomic_file.h"
#include "run/environment.h"
#include "run/evaluations.h"
#include "run/prepared_run.h"
#include "run/progress.h"
#include "run/result_file.h"
#include "run/run_directory.h"
#include "run/stop_requests.h"
#include "run/tasks.h"
#include "run/training.h"

namespace espalier::host {
namespace {

constexpr const char* label = "evaluate";

/// As the config of a run, which this is a part of.
ConfigValue resolve(const EvaluateConfig& config, const std::string& architecture, const Config& space,
                    const Config& dataset, const Config& trainer) {
  ConfigValue map;
  map.kind = ConfigValue::Kind::map;
  map.set("search_space", resolve(config.search_space, space));
  map.set("architecture", ConfigValue::of(architecture, true));
  map.set("dataset", resolve(config.dataset, dataset));
  map.set("evaluate", resolve(config.evaluate, trainer));
  if (config.evaluate.seeds.empty()) map.set("seed", ConfigValue::of(std::to_string(config.seed)));
  return map;
}

std::vector<TrainedArchitecture> finished(const std::vector<Training>& trainings,
                                          const RunDirectory& directory, const std::string& architecture) {
  std::vector<TrainedArchitecture> results;
  for (const Training& training : trainings) {
    const auto file = directory.path() / training.folder / SearchFiles::result;
    const auto result = read_training(file, label, training.seed, architecture);
    if (!result) throw result_gone(file);
    results.push_back(*result);
  }
  return results;
}

}  // namespace

std::vector<TrainedArchitecture> evaluate(const EvaluateConfig& config, const RunOptions& options,
                                          PluginRegistry& registry) {
  const StopRequests stop;
  const Config space_options(config.search_space.options, "search_space");
  const Config dataset_options(config.dataset.options, "dataset");
  const Config trainer_options(config.evaluate.trainer.options, "evaluate");
  const auto space = registry.search_space(config.search_space.name, space_options);
  const auto dataset = registry.dataset(config.dataset.name, dataset_options);
  const std::string architecture = space->to_string(space->parse(config.architecture));
  const auto trainer = registry.trainer(config.evaluate.trainer.name, trainer_options);
  call_plugin(*trainer, "check_evaluation()", [&] { trainer->check_evaluation(*space, *dataset); });

  const RunDirectory directory(options.directory,
                               resolve(config, architecture, space_options, dataset_options, trainer_options),
                               options.overwrite);
  const EvaluationContext context{.trainer = config.evaluate.trainer,
                                  .space = *space,
                                  .dataset = *dataset,
                                  .registry = registry,
                                  .stop_requested = [&stop] { return stop.arrived(); }};
  const auto trainings = trainings_from_scratch(config.evaluate, config.seed);
  std::vector<Task> tasks;
  for (const Training& training : trainings) {
    const SeedJournal::Search place{.folder = directory.path() / training.folder,
                                    .label = label,
                                    .what = training.what,
                                    .seed = training.seed,
                                    .checkpoint_interval = options.checkpoint_interval};
    if (read_training(place.folder / SearchFiles::result, label, training.seed, architecture)) {
      remove_file(place.folder / SearchFiles::checkpoint);
      continue;
    }
    tasks.push_back({.name = "the " + training.what, .run = [&, place](Progress& progress) {
                       run_evaluation(architecture, place, context, progress);
                     }});
  }
  if (!tasks.empty())
    directory.write("environment.json", environment({{"search_space", config.search_space.name},
                                                     {"dataset", config.dataset.name},
                                                     {"trainer", config.evaluate.trainer.name}},
                                                    registry));
  run_tasks(tasks, {.unit = "trainings",
                    .where = directory.path().string(),
                    .jobs = jobs_at_once(options.jobs, uses_all_cores(*trainer)),
                    .quiet = options.quiet,
                    .stop_requested = context.stop_requested});
  return finished(trainings, directory, architecture);
}

}  // namespace espalier::host
