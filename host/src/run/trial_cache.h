#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cache/cache_folder.h"
#include "espalier/search/keeps_trials.h"
#include "run/prepared_run.h"
#include "run/run_record.h"
#include "run/training_key.h"

namespace espalier::host {

/// What the trials of one benchmark gave, in the cache of a run.
class TrialCache final : public TrialStore {
 public:
  /// What is referred to outlives it. `key` is that of a trial, without its architecture and epochs.
  TrialCache(const CacheFolder& folder, const PreparedRun& run, const RunRecord& record,
             const TrialKeeper& keeper, TrainingKey key, bool quiet);
  virtual ~TrialCache() = default;
  TrialCache(const TrialCache&) = delete;
  TrialCache& operator=(const TrialCache&) = delete;

  std::optional<std::vector<double>> find(const Architecture& architecture, int epochs) override;
  void keep(const Architecture& architecture, int epochs, const std::vector<double>& figures) override;

 private:
  CacheKey key_of(const Architecture& architecture, int epochs) const;

  const CacheFolder& folder_;
  const PreparedRun& run_;
  const RunRecord& record_;
  const TrialKeeper& keeper_;
  const TrainingKey key_;
  bool quiet_;
  std::once_flag said_;  ///< that trials are reused
};

/// Gives a cache to each benchmark of a run that has use for one (KeepsTrials). Without a folder (null) it
/// does nothing. Both outlive all queries.
class TrialCaches {
 public:
  TrialCaches(const CacheFolder* folder, const PreparedRun& run, const RunRecord& record, bool quiet);

 private:
  std::deque<TrialCache> caches_;  ///< never moved
};

}  // namespace espalier::host
