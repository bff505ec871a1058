#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace espalier::host {

class Progress;

/// A part of a run that is done on its own: a search, a training.
struct Task {
  std::string name;  ///< for messages: "the search of gdas with seed 3"
  std::function<void(Progress&)> run;
};

struct TaskOptions {
  std::string unit;   ///< "searches"
  std::string where;  ///< the run directory, for messages
  std::size_t jobs = 1;
  bool quiet = false;
  std::function<bool()> stop_requested;
};

/// `asked`, or where that is 0 as many as keep all cores busy.
std::size_t jobs_at_once(std::size_t asked, bool one_uses_all_cores);

/// Runs the tasks on `jobs` threads. Throws the first error, with the name of its task, after those in
/// progress have ended, or Interrupted after a stop.
void run_tasks(const std::vector<Task>& tasks, const TaskOptions& options);

}  // namespace espalier::host
