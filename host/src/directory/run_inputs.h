#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "directory/run_directory.h"
#include "espalier/data/dataset.h"

namespace espalier::host {

/// inputs.json: the SHA-256 of what the results of a run come from beside its config. A run is not continued
/// over another plugin, table or image than the one it began with.
class RunInputs {
 public:
  /// Reads what the directory says. `accepted` names the plugins that may have been rebuilt,
  /// "optimizer/gdas"; "inputs.json" among them takes whatever is there now. `directory` outlives this.
  /// Throws Error when the file is damaged, or gone from a directory that holds results.
  RunInputs(const RunDirectory& directory, std::vector<std::string> accepted);

  /// Takes the hashes of plugins, and of the files that plugins read, by what names them. Throws UsageError
  /// that names all that have changed.
  void check(const std::map<std::string, std::string>& plugins,
             const std::map<std::string, std::string>& files);
  /// Writes the file, and from here on at each addition.
  void begin();
  /// [any-thread] Adds the images of a dataset, with their labels and the names of the classes. Throws
  /// UsageError when they have changed; writes the file otherwise.
  void add(const Dataset& dataset, Split split, const Images& images);

  /// [any-thread] The SHA-256 of the images of a dataset that add() was given; empty where it was not.
  std::string images_sum(const Dataset& dataset, Split split) const;

  /// The plugins that were rebuilt while the run was under way, with the hash of each build.
  std::map<std::string, std::vector<std::string>> rebuilt() const;

 private:
  void read();
  void write() const;
  void check_accepted(const std::map<std::string, std::string>& plugins) const;

  const RunDirectory& directory_;
  std::vector<std::string> accepted_;
  bool begun_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> plugins_;
  std::map<std::string, std::string> files_;
  std::map<std::string, std::string> images_;  ///< by "dataset/NAME train"
};

}  // namespace espalier::host
