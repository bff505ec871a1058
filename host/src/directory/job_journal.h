#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "directory/checkpoint.h"
#include "directory/event_log.h"
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
  /// Removes the result of a smaller run. All three outlive the journal.
  JobJournal(const Job& job, const JobOptions& options, Progress& progress);

  void event(const TrialEvent& event) override;
  void event(const EpochEvent& event) override { append(event); }
  bool checkpoint_due() override;
  void checkpoint(const nlohmann::json& state) override;
  void keep_for_growth(const nlohmann::json& state) override;
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view bytes) override;
  /// Keeps a file of JobFiles that belongs to the result, whole or not at all.
  void keep(const char* name, std::string_view bytes, Durability durability = Durability::disk);
  /// Whether this process has kept such a file.
  bool kept(const char* name) const { return sums_.contains(name); }
  /// The SHA-256 of each file that belongs to the result, once the job is finished.
  const std::map<std::string, std::string>& sums() const { return sums_; }
  /// Whether the job went on from what an earlier process left.
  bool was_restored() const { return !restored_from_.empty(); }
  /// Takes the events and the timing.csv of another job that did the same, in place of doing it. Call it
  /// before anything else.
  void take_over(std::string_view events, std::string_view timing);
  void progress(std::uint64_t done, std::uint64_t total, std::string_view status) override;
  bool stop_requested() const override { return options_.stop_requested(); }

  /// Throws the exception that is being handled. One of a job that has done nothing since it read its
  /// checkpoint says how to start over without it.
  [[noreturn]] void rethrow() const;

  /// Writes what a finished job leaves, result.json last.
  void finish(const OrderedJson& result);

 private:
  /// Returns the seconds that the job has run.
  template <class Event>
  double append(const Event& event);
  std::optional<nlohmann::json> restore_from(const std::filesystem::path& file);
  void begin_anew();
  void write(const char* file, const nlohmann::json& state, Durability durability);
  void write_timing();
  void report_trials();

  const Job& job_;
  const JobOptions& options_;
  Progress& progress_;

  EventLog events_;
  AnytimeCurve curve_;
  JobTiming timing_;
  std::map<std::string, std::string> sums_;  ///< of the files that were kept, by their names
  bool kept_for_growth_ = false;
  std::filesystem::path restored_from_;  ///< the checkpoint; empty when the job began anew
  std::chrono::steady_clock::time_point last_checkpoint_ = std::chrono::steady_clock::now();
  std::uint64_t unreported_ = 0;  ///< trials
  double reported_at_ = 0.0;      ///< in the seconds that the job has run
  double best_ = 0.0;             ///< of the trials
  double fraction_ = 0.0;
  bool just_restored_ = false;
};

}  // namespace espalier::host
