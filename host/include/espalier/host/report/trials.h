#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/resume.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// A further column: what is known of the architecture of each row.
struct TrialColumn {
  /// Gives the value of an architecture; nothing where none is known.
  using Value = std::function<std::optional<double>(const Architecture&)>;

  std::string name;
  /// Makes it for a run's space, which outlives it; `registry` is the run's.
  std::function<Value(const SearchSpace& space, PluginRegistry& registry)> of_space;
};

/// A run whose trials are to be listed.
struct RunToList {
  std::filesystem::path directory;
  BegunRun begun;            ///< begun_run(directory)
  PluginRegistry* registry;  ///< finds the run's space and benchmarks; outlives this
};

/// [one-thread] Writes the text of one table (CSV, RFC 4180) of all trials and epochs of the runs, finished
/// or not: a header, then a row for each line of an events.jsonl, in the order of the config. docs/
/// run-directories.md says what the columns are; `columns` are added as the last. `write` gets the text block
/// by block, so that the memory this takes does not depend on how many trials there are. Throws Error that
/// names the file and line where events are damaged, UsageError for a column whose name is taken, and what
/// PluginRegistry::make() and the columns throw.
ESPALIER_EXPORT void write_trials(const std::vector<RunToList>& runs,
                                  const std::function<void(std::string_view text)>& write,
                                  const std::vector<TrialColumn>& columns = {});

}  // namespace espalier::host
