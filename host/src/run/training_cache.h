#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "cache/cache_folder.h"
#include "cache/cache_key.h"
#include "run/job.h"
#include "run/prepared_run.h"
#include "run/run_record.h"

namespace espalier::host {

/// The cache of a run's trainings from scratch: they are taken from there, or left there for other runs. A
/// run leaves the same bytes with and without it, but for timing.csv, which then has the seconds of the
/// training that ran.
class TrainingCache {
 public:
  /// Without a folder (null) it does nothing. What is referred to outlives the cache.
  TrainingCache(const CacheFolder* folder, const PreparedRun& run, const RunRecord& record, bool quiet);

  /// The job of a training that first looks for it in the cache, and otherwise keeps it there in the end.
  /// The cache and the trainer outlive the job.
  ///
  /// Not kept are trainings that the trainer cannot repeat (RepeatsTrainings); those that went on from a
  /// checkpoint, whose beginning another machine or build may have done; and those of a run whose plugins
  /// were rebuilt meanwhile.
  Job reusing(Job job, const Recipe<Trainer>& trainer, const std::string& architecture, std::uint64_t seed);

 private:
  std::optional<CacheKey> key_of(const Recipe<Trainer>& trainer, const std::string& architecture,
                                 std::uint64_t seed);
  std::optional<OrderedJson> reuse(const CacheKey& key, const std::string& what, JobJournal& journal) const;
  void keep(const CacheKey& key, const Job& job, const JobJournal& journal, const OrderedJson& result) const;

  const CacheFolder* folder_;
  const PreparedRun& run_;
  const RunRecord& record_;
  bool quiet_;
  std::once_flag said_;  ///< that trainings cannot be repeated
};

}  // namespace espalier::host
