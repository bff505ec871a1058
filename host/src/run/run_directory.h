#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "espalier/config/config_value.h"
#include "run/run_lock.h"

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

/// The folder of what was done with a seed: "seed_7".
std::string seed_folder(std::uint64_t seed);

/// The files of one search, and of one training from scratch.
struct SearchFiles {
  static constexpr const char* events = "events.jsonl";
  static constexpr const char* curve = "curve.csv";
  static constexpr const char* result = "result.json";
  static constexpr const char* checkpoint = "checkpoint.cbor";
  static constexpr const char* weights = "network.pt";
  /// The folders of a short training and of the trainings from scratch, within that of their search.
  static constexpr const char* selection = "selection";
  static constexpr const char* evaluation = "evaluation";
};

}  // namespace espalier::host
