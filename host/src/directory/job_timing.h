#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::host {

/// A row of timing.csv.
struct TimingRow {
  std::uint64_t events = 0;
  double seconds = 0.0;
};
/// Reads it; nothing where the line is another, such as the header.
std::optional<TimingRow> timing_row(std::string_view line);

/// timing.csv of a job: the seconds that it had run after so many events, over all processes that worked on
/// it. No result depends on it.
class JobTiming {
 public:
  /// After an event. Adds a row when the last one is a second old, and returns the seconds so far.
  double event(std::uint64_t count);
  /// Adds a row at a checkpoint or at the end.
  void end(std::uint64_t count);
  /// Takes over the rows of an earlier process up to so many events; a damaged file is begun anew.
  void restore(std::string_view csv, std::uint64_t events);

  std::string to_csv() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  double seconds() const { return before_ + Seconds(Clock::now() - begin_).count(); }
  void add(std::uint64_t count, double seconds);

  std::string rows_;
  std::uint64_t last_count_ = 0;
  double last_seconds_ = 0.0;
  double before_ = 0.0;  ///< of earlier processes
  Clock::time_point begin_ = Clock::now();
};

}  // namespace espalier::host
