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

/// How a run is done: nothing that its results depend on.
struct RunOptions {
  std::filesystem::path directory;  ///< the run directory, made when missing
  bool overwrite = false;           ///< discard what the directory holds of another or a finished run
  std::size_t jobs = 1;             ///< searches at once; the results do not depend on it. 0: as many as
                                    ///< cores, or 1 where the trainer keeps all cores busy itself
  bool quiet = false;               ///< no progress
  /// The least time between two checkpoints of a search; the results do not depend on it.
  std::chrono::duration<double> checkpoint_interval = std::chrono::seconds(5);
};

/// Runs every optimizer with every seed and summarizes. What the directory already holds of the same
/// config is not run again; an interrupted search goes on from its checkpoint.
///
///     DIR/config.yaml            the resolved config: what it means, defaults filled in
///     DIR/environment.json       versions, CPU, threads
///     DIR/LABEL/seed_7/          events.jsonl, curve.csv, result.json; checkpoint.cbor while unfinished
///     DIR/LABEL/seed_7/evaluation/  events.jsonl, network.pt, result.json where the config says evaluate:,
///                                   in a folder seed_0/ for each seed that it names there
///     DIR/LABEL/seed_7/selection/  the same of a short training, where it says select:
///     DIR/summary.json, summary.csv, anytime.csv
///
/// Throws UsageError for a config that its plugins refuse or a directory of another config, Interrupted
/// after Ctrl-C (request_stop()), Error when a search or a write fails: finished results stay.
ESPALIER_EXPORT Summary run(const RunConfig& config, const RunOptions& options, PluginRegistry& registry);

/// Asks all searches of this process to checkpoint and stop. Safe in a signal handler.
ESPALIER_EXPORT void request_stop() noexcept;

}  // namespace espalier::host
