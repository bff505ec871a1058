#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "directory/job_files.h"
#include "directory/run_lock.h"
#include "espalier/config/config_value.h"

namespace espalier::host {

/// A run's directory, held by this process alone, with the config of this run and no other.
class RunDirectory {
 public:
  /// Makes the directory, or checks that it holds this run. `overwrite` discards what another run
  /// left. Throws UsageError where it would lose something, Error where the disk refuses.
  RunDirectory(std::filesystem::path path, const ConfigValue& resolved_config, bool overwrite);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path search_folder(const std::string& label, std::uint64_t seed) const;
  void write(const std::string& file, std::string_view content) const;

 private:
  std::filesystem::path path_;
  RunLock lock_;
};

}  // namespace espalier::host
