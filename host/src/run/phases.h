#pragma once

#include <functional>
#include <string>
#include <vector>

#include "directory/run_directory.h"
#include "espalier/host/run/run.h"
#include "run/job.h"
#include "run/prepared_run.h"
#include "run/run_results.h"
#include "run/training_cache.h"

namespace espalier::host {

/// The phases of a run, each of which begins when the one before has ended: the preparations of benchmarks;
/// the searches; short trainings of what they found, where the config selects among the seeds; trainings from
/// scratch.
class Phases {
 public:
  struct Context {
    const RunConfig& config;
    const PreparedRun& prepared;
    const RunDirectory& directory;
    const RunResults& results;
    TrainingCache& cache;
    JobOptions jobs;  ///< but for the unit
  };
  explicit Phases(Context context) : context_(std::move(context)) {}

  /// Prepares the benchmarks that need it; false where none does. Throws what run_jobs() throws.
  bool prepare();
  /// Does what is left, after prepare(). Throws what run_jobs() throws.
  void run();

 private:
  std::vector<Job> searches() const;
  std::vector<Job> short_trainings() const;
  std::vector<Job> trainings() const;
  Job training(const Search& search, const Training& training, Recipe<Trainer>& trainer) const;
  void run_phase(const char* unit, const std::vector<Job>& jobs);
  void run_trainings(const char* unit, const std::string& key, const std::vector<Job>& jobs);

  Context context_;
};

}  // namespace espalier::host
