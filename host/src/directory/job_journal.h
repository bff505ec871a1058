#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "directory/job_timing.h"
#include "espalier/host/files/write_file.h"
#include "espalier/search/journal.h"
#include "report/anytime_curve.h"
#include "run/job.h"

namespace espalier::host {

class Progress;

/// The journal of one job, in its folder. Measured time stands in timing.csv alone: a search that was killed
/// leaves all other files in the end as one that was not.
class JobJournal final : public Journal {
 public:
  /// All three outlive the journal.
  JobJournal(const Job& job, const JobOptions& options, Progress& progress);

  void event(const TrialEvent& event) override { append(event); }
  void event(const EpochEvent& event) override { append(event); }
  bool checkpoint_due() override;
  void checkpoint(const nlohmann::json& state) override;
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view bytes) override;
  void progress(std::uint64_t done, std::uint64_t total, std::string_view status) override;
  bool stop_requested() const override { return options_.stop_requested(); }

  /// Throws the exception that is being handled. One of a job that has done nothing since it read its
  /// checkpoint says how to start over without it.
  [[noreturn]] void rethrow() const;

  /// Writes what a finished job leaves, result.json last.
  void finish(const std::string& result);

 private:
  template <class Event>
  void append(const Event& event);
  void restore_events(std::uint64_t count);
  void write_events(Durability durability);
  void report_trials();

  const Job& job_;
  const JobOptions& options_;
  Progress& progress_;

  std::string events_;  ///< the text of events.jsonl
  std::uint64_t event_count_ = 0;
  AnytimeCurve curve_;
  JobTiming timing_;
  std::chrono::steady_clock::time_point last_checkpoint_ = std::chrono::steady_clock::now();
  std::uint64_t unreported_ = 0;
  double fraction_ = 0.0;
  bool just_restored_ = false;
};

}  // namespace espalier::host
