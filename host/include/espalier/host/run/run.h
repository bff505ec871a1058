#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/summary.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// How a run is carried out. Its results depend on none of it.
struct RunOptions {
  std::filesystem::path directory;  ///< the run directory, created when it is missing
  bool overwrite = false;           ///< discard what the directory holds from another run or a finished one
  std::size_t jobs = 1;             ///< how many searches run at once; 0 means one per core, or one alone
                                    ///< when a trainer keeps all cores busy by itself
  bool quiet = false;               ///< show no progress
  /// Plugins that may have been rebuilt since the run began, such as "optimizer/gdas"; "inputs.json" takes
  /// what is there now for all that the run began with.
  std::vector<std::string> accept = {};
  /// The shortest time between two checkpoints of a search.
  std::chrono::duration<double> checkpoint_interval = std::chrono::seconds(5);
};

/// [one-thread] Runs every optimizer with every seed and summarizes. Searches and trainings whose results the
/// directory holds already are skipped, and an interrupted one continues from its checkpoint.
///
///     DIR/config.yaml            the resolved config, with every default filled in
///     DIR/inputs.json            the SHA-256 of plugins, tables and images
///     DIR/environment.json       versions, CPU, threads
///     DIR/LABEL/seed_7/          events.jsonl, curve.csv, result.json; checkpoint.cbor while unfinished;
///                                growth.cbor, from which a longer search goes on
///     DIR/LABEL/seed_7/evaluation/  events.jsonl, network.safetensors, result.json when the config has
///     `evaluate:`, in a
///                                folder seed_0/ for each seed that is named there
///     DIR/LABEL/seed_7/selection/  the same for the short training of `select:`
///     DIR/baselines/NAME/        for each of `baselines:` what evaluate() writes
///     DIR/summary.json, summary.csv, anytime.csv
///
/// Throws UsageError when a plugin refuses the config or the directory holds a run of another config,
/// Interrupted after Ctrl-C (request_stop()), and Error when a search or a write fails. Finished results stay
/// in every case.
ESPALIER_EXPORT Summary run(const RunConfig& config, const RunOptions& options, PluginRegistry& registry);

/// [any-thread] Asks all searches of this process to write a checkpoint and stop. Safe in a signal handler.
ESPALIER_EXPORT void request_stop() noexcept;

}  // namespace espalier::host
