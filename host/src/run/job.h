#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "espalier/search/journal.h"

namespace espalier::host {

/// A part of a run that is done by itself, in a folder of its own: a search, a short training, a training
/// from scratch.
struct Job {
  std::string label;  ///< names the optimizer in checkpoints and results
  std::uint64_t seed = 0;
  std::filesystem::path folder;  ///< its events, checkpoint and result.json
  std::string what;              ///< for people: "search of gdas with seed 3"
  bool has_curve = false;        ///< whether its events make an anytime curve

  /// Whether its result is there. Throws Error when that is damaged.
  std::function<bool()> is_finished;
  /// Does it, from the journal's checkpoint where there is one, and returns the text of result.json.
  std::function<std::string(Journal&)> work;
};

/// How jobs are run: nothing that their results depend on.
struct JobOptions {
  std::string unit;                 ///< "searches"
  std::filesystem::path directory;  ///< of the run, for messages
  std::size_t workers = 1;          ///< jobs at once
  bool quiet = false;
  std::chrono::duration<double> checkpoint_interval = std::chrono::seconds(5);
  std::function<bool()> stop_requested;
  std::function<void()> before_first;  ///< called once, unless all jobs are finished already
};

/// Skips the jobs whose results are there, runs the others and records what they leave. Throws the first
/// error, saying which job it ended, after the jobs in progress have ended; Interrupted after a stop.
void run_jobs(const std::vector<Job>& jobs, const JobOptions& options);

/// `asked`, or when that is 0 as many as keep all cores busy.
std::size_t worker_count(std::size_t asked, bool one_uses_all_cores);

}  // namespace espalier::host
