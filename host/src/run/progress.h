#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "espalier/search/metric.h"
#include "run/progress_line.h"

namespace espalier::host {

/// Tells a person how far a run is: a bar on a terminal, a line of the log now and then elsewhere.
/// Searches (and trainings) on several threads report to it.
class Progress {
 public:
  /// `unit` names what is counted ("searches"); `objective` is what trials have values of. Quiet: says
  /// nothing.
  Progress(std::size_t total, std::string unit, std::optional<Metric> objective, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many trials more, and the value of the best of that search.
  void add_trials(std::uint64_t count, double best);
  /// How far the search that reported last is, where it counts trials.
  void set_trials(std::uint64_t done, std::uint64_t total);
  /// How much more of a search is done, as a fraction of it.
  void add_fraction(double fraction) { fraction_.fetch_add(fraction, std::memory_order_relaxed); }
  /// What the search that reported last is at: parts with commas between them, the most important first.
  void set_status(const std::string& job, const std::string& status);
  void job_finished() { finished_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void report(const std::stop_token& stop) const;
  double done() const;
  std::vector<ProgressField> fields() const;
  void add_trial_fields(std::vector<ProgressField>& fields, double elapsed) const;
  void add_status_fields(std::vector<ProgressField>& fields) const;
  void show_bar(std::size_t width) const;

  std::size_t total_;
  std::string unit_;
  std::optional<Metric> objective_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<double> fraction_ = 0.0;
  std::atomic<std::size_t> finished_ = 0;
  mutable std::mutex mutex_;  ///< of what follows
  std::uint64_t trials_ = 0;
  std::optional<double> best_;
  std::uint64_t trials_done_ = 0;
  std::uint64_t trials_total_ = 0;
  std::string job_;
  std::string status_;
  std::jthread reporter_;  // last: it reads the others
};

}  // namespace espalier::host
