#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "directory/job_files.h"
#include "directory/run_lock.h"
#include "espalier/config/config_value.h"

namespace espalier::host {

/// A run's directory, held by this process alone, with the config of this run and no other.
class RunDirectory {
 public:
  /// Makes the directory, or checks that it holds this run or one that may grow to it: `growing` are the keys
  /// of first_difference(). `overwrite` discards what another run left. Nothing is written to a directory
  /// that is refused. Throws UsageError where it would lose something, Error where the disk refuses.
  RunDirectory(std::filesystem::path path, const ConfigValue& resolved_config,
               const std::vector<std::string>& growing, bool overwrite);

  /// Writes the config: from here on the directory is this run's. Before this call the constructor has
  /// removed what `overwrite` discards, and has written nothing.
  void begin() const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path search_folder(const std::string& label, std::uint64_t seed) const;
  /// Whether it held results, checkpoints or measurements of this run before.
  bool held_results() const { return held_results_; }
  /// Writes a file of the run, unless it holds that already.
  void write(const std::string& file, std::string_view content) const;

 private:
  std::filesystem::path path_;
  RunLock lock_;
  std::string config_;  ///< the text of config.yaml
  bool held_results_ = false;
};

}  // namespace espalier::host
