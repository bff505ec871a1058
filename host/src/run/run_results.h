#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/report/summary.h"
#include "run/search.h"
#include "run/training.h"

namespace espalier::host {

class RunDirectory;

/// What the directory of a run holds already. The files alone tell, so that it does not matter when and by
/// which process something was done.
class RunResults {
 public:
  RunResults(const RunConfig& config, const RunDirectory& directory)
      : config_(config), directory_(directory) {}

  std::filesystem::path folder(const Search& search) const;
  std::optional<SeedResult> search(const Search& search) const;
  std::optional<TrainedArchitecture> training(const Search& search, const Training& training,
                                              const std::string& architecture) const;
  /// The searches of an optimizer whose architecture is to be trained: all, or the best after the short
  /// trainings, which have ended. Throws Error when a file is gone.
  std::vector<Search> to_be_trained(const Component& optimizer) const;

  /// An optimizer's results, in the order of the config's seeds, of a run in which everything has ended.
  /// Throws Error when a file is gone.
  std::vector<SeedResult> finished(const Component& optimizer) const;

 private:
  SeedResult present(const Search& search) const;
  TrainedArchitecture present(const Search& search, const Training& training,
                              const std::string& architecture) const;
  /// What the searches of an optimizer found, and the short trainings made of it.
  std::vector<SeedResult> found(const Component& optimizer) const;
  /// Those that are to be trained.
  std::span<SeedResult> chosen(std::vector<SeedResult>& found) const;

  const RunConfig& config_;
  const RunDirectory& directory_;
};

}  // namespace espalier::host
