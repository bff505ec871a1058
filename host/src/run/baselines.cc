#include "run/baselines.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "config/config_difference.h"
#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "espalier/host/run/resume.h"
#include "espalier/search/interrupted.h"
#include "report/parameter_count.h"
#include "run/baseline_architectures.h"
#include "run/evaluate_prepared.h"

namespace espalier::host {
namespace {

/// The mean over the networks that were trained.
std::int64_t found_parameters(const PreparedRun& run, const std::vector<FinishedMethod>& finished) {
  std::int64_t sum = 0;
  std::int64_t count = 0;
  for (const FinishedMethod& method : finished)
    for (const SeedResult& result : method.results) {
      if (result.trained.empty()) continue;
      sum += parameter_count(*run.space, result.architecture).value_or(0);
      ++count;
    }
  return sum / std::max<std::int64_t>(count, 1);
}

/// Those with which the searches' networks were trained.
std::vector<std::uint64_t> training_seeds(const std::vector<FinishedMethod>& finished) {
  std::vector<std::uint64_t> seeds;
  for (const FinishedMethod& method : finished)
    for (const SeedResult& result : method.results)
      for (const TrainedArchitecture& trained : result.trained)
        if (std::ranges::find(seeds, trained.seed) == seeds.end()) seeds.push_back(trained.seed);
  return seeds;
}

EvaluateConfig config_of(const BaselineArchitecture& baseline, const RunConfig& config,
                         const std::vector<FinishedMethod>& finished) {
  EvaluateConfig own{.search_space = baseline.search_space,
                     .architecture = baseline.architecture,
                     .dataset = *config.dataset,
                     .evaluate = *config.evaluate,
                     .cache = config.cache,
                     .epochs_option = ""};  // the searches' trainings have named it
  if (own.evaluate.seeds.empty()) own.evaluate.seeds = training_seeds(finished);
  return own;
}

/// --accept names plugins of the whole run, of which a baseline needs a few.
std::vector<std::string> accepted_of(const PreparedRun& baseline, const std::vector<std::string>& accepted) {
  std::vector<std::string> own;
  for (const std::string& name : accepted) {
    const bool needed =
        std::ranges::any_of(baseline.plugins, [&](const NamedPlugin& plugin) { return plugin.id() == name; });
    if (needed || name == RunFiles::inputs) own.push_back(name);
  }
  return own;
}

/// Whether the folder holds a training of another architecture or width.
bool holds_another(const std::filesystem::path& folder, const PreparedRun& baseline) {
  return holds_run(folder) && first_difference(begun_run(folder).config, baseline.resolved, {}).has_value();
}

std::vector<TrainedArchitecture> train_baseline(const PreparedRun& prepared, const EvaluateConfig& config,
                                                const RunOptions& options, const PluginRegistry& registry,
                                                const std::filesystem::path& run) try {
  return evaluate(prepared, config, options, registry);
} catch (const Interrupted& stopped) {
  throw_stopped(stopped.details().what, run);
}

}  // namespace

std::vector<BaselineResult> train_baselines(const RunConfig& config, const PreparedRun& run,
                                            const std::vector<FinishedMethod>& finished,
                                            const RunOptions& options, const StopRequests& stop) {
  std::vector<BaselineResult> results;
  if (!config.baselines) return results;
  for (const BaselineArchitecture& baseline :
       baseline_architectures(config, run, found_parameters(run, finished))) {
    if (stop.arrived()) throw_stopped("stopped with baselines to go", options.directory);
    const EvaluateConfig own = config_of(baseline, config, finished);
    PreparedRun prepared = prepare(own, *run.registry);
    prepared.said_notes = run.said_notes;
    RunOptions how = options;
    how.directory = options.directory / RunFiles::baselines / baseline.name;
    how.accept = accepted_of(prepared, options.accept);
    how.overwrite = options.overwrite || holds_another(how.directory, prepared);
    if (!options.quiet) spdlog::info("baseline {}, in {}", baseline.name, how.directory.string());
    results.push_back({.name = baseline.name,
                       .random = baseline.random,
                       .architecture = prepared.resolved.find("architecture")->scalar,
                       .trained = train_baseline(prepared, own, how, *run.registry, options.directory)});
  }
  return results;
}

}  // namespace espalier::host
