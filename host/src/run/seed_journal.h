#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "espalier/host/report/summary.h"
#include "espalier/search/journal.h"
#include "report/curve.h"

namespace espalier::host {

class Progress;

/// The journal of one search or training, in a folder of its own. Nothing that it writes tells of wall time:
/// a search that was killed leaves the same files in the end as one that was not.
class SeedJournal final : public Journal {
 public:
  struct Search {
    std::filesystem::path folder;
    std::string label;
    std::string what;  ///< for people: "gdas seed 3"
    std::uint64_t seed = 0;
    std::chrono::duration<double> checkpoint_interval;
  };

  SeedJournal(Search search, Progress& progress, std::function<bool()> stop_requested);

  void event(const TrialEvent& event) override { append(event); }
  void event(const EpochEvent& event) override { append(event); }
  bool checkpoint_due() override;
  void checkpoint(const nlohmann::json& state) override;
  std::optional<nlohmann::json> restore() override;
  void keep_weights(std::string_view bytes) override;
  void progress(std::uint64_t done, std::uint64_t total, std::string_view status) override;
  bool stop_requested() const override { return stop_requested_(); }

  /// Throws the exception that is being handled; one of a search that has done nothing since it read its
  /// checkpoint says how to go on without.
  [[noreturn]] void rethrow() const;

  /// Writes the curve of a finished search.
  void keep_curve() const;
  /// Writes what a finished search or training leaves, result.json last.
  void finish(const std::string& result);

 private:
  template <class Event>
  void append(const Event& event);
  void restore_events(std::uint64_t count);
  void flush_trials();
  [[noreturn]] void refuse_checkpoint(const std::string& why) const;
  std::string remedy_without_checkpoint() const;

  Search search_;
  Progress& progress_;
  std::function<bool()> stop_requested_;

  std::string events_;  // the text of events.jsonl
  std::uint64_t event_count_ = 0;
  Curve curve_;
  std::chrono::steady_clock::time_point last_checkpoint_ = std::chrono::steady_clock::now();
  std::uint64_t unreported_ = 0;
  double fraction_ = 0.0;
  bool just_restored_ = false;
};

}  // namespace espalier::host
