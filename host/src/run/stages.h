#pragma once

#include <functional>
#include <vector>

#include "espalier/host/run/run.h"
#include "run/evaluations.h"
#include "run/prepared_run.h"
#include "run/run_directory.h"
#include "run/run_results.h"
#include "run/seed_journal.h"
#include "run/tasks.h"

namespace espalier::host {

/// The stages of a run, each of which begins when the one before has ended: the searches; short trainings of
/// all that they found, where the config selects among the seeds; trainings from scratch.
class Stages {
 public:
  struct Context {
    const RunConfig& config;
    const RunOptions& options;
    const PreparedRun& prepared;
    const RunDirectory& directory;
    const RunResults& results;
    PluginRegistry& registry;
    std::function<bool()> stop_requested;
  };
  explicit Stages(const Context& context);

  /// Does what is left. Throws what run_tasks() does.
  void run() const;

 private:
  std::vector<Task> searches() const;
  std::vector<Task> short_trainings() const;
  std::vector<Task> trainings() const;
  /// Adds the training of what the search found, unless it has ended.
  void add_training(const Search& search, const Training& training, const Component& trainer,
                    std::vector<Task>& tasks) const;
  void run_search(const Search& search, Progress& progress) const;
  void train(const Search& search, const Training& training, const Component& trainer,
             Progress& progress) const;
  SeedJournal::Search place_of(const Search& search) const;
  void run_stage(const char* unit, const std::vector<Task>& tasks) const;

  Context context_;
  std::vector<Search> all_;
};

}  // namespace espalier::host
