#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "espalier/search/metric.h"
#include "files/json_optional.h"

namespace espalier::host {

class JobJournal;

/// A part of a run that is done by itself, in a folder of its own: a search, a short training, a training
/// from scratch.
struct Job {
  std::filesystem::path folder;  ///< its events, checkpoint and result.json
  std::string what;              ///< for people: "search of gdas with seed 3"
  bool has_curve = false;        ///< whether its events make an anytime curve

  /// Which job it is, an object: result.json begins with it. What the folder holds of another is refused.
  OrderedJson identity = OrderedJson::object();
  /// What a run that has grown may change, an object that result.json holds next: the budget of a search, the
  /// architecture of a training. What the folder holds of another subject is done again.
  OrderedJson subject = OrderedJson::object();
  /// Whether a search of a smaller budget is continued instead.
  bool grows = false;

  /// Does it, from the journal's checkpoint where there is one, and returns the rest of result.json.
  std::function<OrderedJson(JobJournal&)> work;
  /// Called once the result is on the disk, with that of work(). It throws nothing.
  std::function<void(const Job&, const JobJournal&, const OrderedJson&)> finished = {};
};

/// How jobs are run: nothing that their results depend on.
struct JobOptions {
  std::string unit;                                ///< "searches"
  std::optional<Metric> objective = std::nullopt;  ///< what trials have values of
  std::filesystem::path directory;                 ///< of the run, for messages
  std::size_t workers = 1;                         ///< jobs at once
  bool quiet = false;
  std::chrono::duration<double> checkpoint_interval = std::chrono::seconds(5);
  std::function<bool()> stop_requested;
  std::function<void()> before_first;  ///< called once, unless all jobs are finished already
  std::string notice = {};             ///< what a person should know before the first begins
};

/// Skips the jobs whose results are there, runs the others and records what they leave. Throws the first
/// error, saying which job it ended, after the jobs in progress have ended; Interrupted after a stop; and
/// Error before anything runs when a finished job is damaged.
void run_jobs(const std::vector<Job>& jobs, const JobOptions& options);

/// `asked`, or when that is 0 as many as keep all cores busy.
std::size_t worker_count(std::size_t asked, bool one_uses_all_cores);

}  // namespace espalier::host
