#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "espalier/host/run_config.h"
#include "espalier/host/summary.h"

namespace espalier::host {

class RunDirectory;

/// One optimizer with one seed.
struct Search {
  const Component* optimizer;
  std::uint64_t seed;
};

/// What the directory of a run holds already. The files alone tell, so that it does not matter when and by
/// which process something was done.
class RunResults {
 public:
  RunResults(const RunConfig& config, const RunDirectory& directory)
      : config_(config), directory_(directory) {}

  std::filesystem::path folder(const Search& search) const;
  std::optional<SeedResult> search(const Search& search) const;
  /// The training in a folder ("evaluation") of the search.
  std::optional<TrainedArchitecture> training(const Search& search, const SeedResult& result,
                                              const char* folder) const;
  /// Whether what the search found is to be trained: of all, or of the best of an optimizer's seeds after the
  /// short trainings, which have ended.
  bool is_to_be_trained(const Search& search) const;

  /// Of a run in which everything has ended. Throws Error when a file is gone.
  SeedResult finished(const Search& search) const;

 private:
  SeedResult present(const Search& search) const;
  TrainedArchitecture present_training(const Search& search, const SeedResult& result,
                                       const char* folder) const;
  std::uint64_t best_seed(const Component& optimizer) const;

  const RunConfig& config_;
  const RunDirectory& directory_;
};

}  // namespace espalier::host
