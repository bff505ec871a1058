#include "espalier/host/evaluate.h"

#include "atomic_file.h"
#include "environment.h"
#include "espalier/trainer.h"
#include "evaluations.h"
#include "prepared_run.h"
#include "progress.h"
#include "result_file.h"
#include "run_directory.h"
#include "stop_requests.h"

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
  map.set("evaluate", resolve(config.trainer, trainer));
  map.set("seed", ConfigValue::of(std::to_string(config.seed)));
  return map;
}

}  // namespace

TrainedArchitecture evaluate(const EvaluateConfig& config, const RunOptions& options,
                             PluginRegistry& registry) {
  const StopRequests stop;
  const Config space_options(config.search_space.options, "search_space");
  const Config dataset_options(config.dataset.options, "dataset");
  const Config trainer_options(config.trainer.options, "evaluate");
  const auto space = registry.search_space(config.search_space.name, space_options);
  const auto dataset = registry.dataset(config.dataset.name, dataset_options);
  const std::string architecture = space->to_string(space->parse(config.architecture));
  registry.trainer(config.trainer.name, trainer_options)->check_evaluation(*space, *dataset);

  const RunDirectory directory(options.directory,
                               resolve(config, architecture, space_options, dataset_options, trainer_options),
                               options.overwrite);
  const SeedJournal::Search place{.folder = directory.path() / SearchFiles::evaluation,
                                  .label = label,
                                  .what = "from scratch",
                                  .seed = config.seed,
                                  .checkpoint_interval = options.checkpoint_interval};
  if (const auto finished =
          read_training(place.folder / SearchFiles::result, label, config.seed, architecture)) {
    remove_file(place.folder / SearchFiles::checkpoint);
    return *finished;
  }
  directory.write("environment.json", environment({{"search_space", config.search_space.name},
                                                   {"dataset", config.dataset.name},
                                                   {"trainer", config.trainer.name}},
                                                  registry));
  Progress progress(1, "trainings", options.quiet);
  return run_evaluation(architecture, place,
                        {.trainer = config.trainer,
                         .space = *space,
                         .dataset = *dataset,
                         .registry = registry,
                         .stop_requested = [&stop] { return stop.arrived(); }},
                        progress);
}

}  // namespace espalier::host
