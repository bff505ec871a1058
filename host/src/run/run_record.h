#pragma once

#include <map>
#include <string>
#include <vector>

#include "directory/run_directory.h"
#include "directory/run_inputs.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/run.h"
#include "run/prepared_run.h"

namespace espalier::host {

/// What a run notes beside its results: the inputs that they come from, and the environment.
class RunRecord {
 public:
  /// Refuses plugins, files and, when a job reads them, images that are not those the run began with, and
  /// then begins the directory. All four outlive it. Throws UsageError or Error.
  RunRecord(const PreparedRun& run, const RunDirectory& directory, const RunOptions& options,
            const PluginRegistry& registry);
  ~RunRecord();
  RunRecord(const RunRecord&) = delete;
  RunRecord& operator=(const RunRecord&) = delete;

  /// Writes environment.json, that of this process.
  void write_environment() const;
  /// [any-thread] The hashes of the plugins that this process runs, by "KIND/NAME", and of the files that
  /// they read, by "KIND/NAME FILE".
  std::map<std::string, std::string> plugin_hashes() const;
  std::map<std::string, std::string> file_hashes() const;
  /// [any-thread] The hash of the images of the run's dataset, which are read where they have not been.
  std::string images_sum(Split split) const;
  /// As of RunInputs.
  std::map<std::string, std::vector<std::string>> rebuilt() const { return inputs_.rebuilt(); }

 private:
  const PreparedRun& run_;
  const RunDirectory& directory_;
  const PluginRegistry& registry_;
  RunInputs inputs_;
};

}  // namespace espalier::host
