#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace espalier::host {

/// Tells a person how far a run is: a bar on a terminal, a line of the log now and then elsewhere.
/// Searches (and trainings) on several threads report to it.
class Progress {
 public:
  /// `unit` names what is counted ("searches"). Quiet: says nothing.
  Progress(std::size_t total, std::string unit, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add_trials(std::uint64_t count) { trials_.fetch_add(count, std::memory_order_relaxed); }
  /// How much more of a search is done, as a fraction of it.
  void add_fraction(double fraction) { fraction_.fetch_add(fraction, std::memory_order_relaxed); }
  /// What the search that reported last is at.
  void set_status(const std::string& status);
  void job_finished() { finished_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void report(const std::stop_token& stop) const;
  std::string line() const;
  void show_bar() const;

  std::size_t total_;
  std::string unit_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> trials_ = 0;
  std::atomic<double> fraction_ = 0.0;
  std::atomic<std::size_t> finished_ = 0;
  mutable std::mutex mutex_;
  std::string status_;
  std::jthread reporter_;  // last: it reads the others
};

}  // namespace espalier::host
