#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/resume.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// A run whose trials are to be listed.
struct RunToList {
  std::filesystem::path directory;
  BegunRun begun;            ///< begun_run(directory)
  PluginRegistry* registry;  ///< finds the run's space and benchmarks; outlives this
};

/// [one-thread] Writes the text of one table (CSV, RFC 4180) of all trials and epochs of the runs, finished
/// or not: a header, then a row for each line of an events.jsonl, in the order of the config. docs/
/// run-directories.md says what the columns are. `write` gets the text block by block, so that the memory
/// this takes does not depend on how many trials there are. Throws Error that names the file and line where
/// events are damaged, and what PluginRegistry::make() throws.
ESPALIER_EXPORT void write_trials(const std::vector<RunToList>& runs,
                                  const std::function<void(std::string_view text)>& write);

}  // namespace espalier::host
