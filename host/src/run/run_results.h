#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/report/summary.h"
#include "run/search_jobs.h"
#include "run/training_jobs.h"

namespace espalier::host {

class RunDirectory;

/// What the directory of a run holds already. Only the files tell, so that it does not matter when and by
/// which process something was done.
class RunResults {
 public:
  /// All three outlive it.
  RunResults(const RunConfig& config, const PreparedRun& run, const RunDirectory& directory)
      : config_(config), run_(run), directory_(directory) {}

  /// Every method with every seed, in the order of the config.
  std::vector<Search> searches() const;
  std::filesystem::path folder(const Search& search) const;

  /// The result of a search that has ended. Throws Error when the file is gone.
  SeedResult present(const Search& search) const;
  /// The searches of a method whose architecture is to be trained: all, or the best after the short
  /// trainings, which have ended. Throws Error when a file is gone.
  std::vector<Search> to_be_trained(const Method& method) const;
  /// A method's results, in the order of the config's seeds, of a run in which everything has ended. Throws
  /// Error when a file is gone.
  std::vector<SeedResult> finished(const Method& method) const;

 private:
  TrainedArchitecture present(const Search& search, const Training& training) const;
  /// What the searches of a method found, and the short trainings made of it.
  std::vector<SeedResult> found(const Method& method) const;
  /// Those that are to be trained.
  std::span<SeedResult> chosen(std::vector<SeedResult>& found) const;

  const RunConfig& config_;
  const PreparedRun& run_;
  const RunDirectory& directory_;
};

}  // namespace espalier::host
