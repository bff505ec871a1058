#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/host/report/anytime.h"
#include "espalier/host/report/summary.h"
#include "espalier/search/events.h"

namespace espalier::host {

/// The anytime curve of one search: a point for every new best trial, or for every epoch of a one-shot
/// search. Epochs of a training, which stand for no architecture of the search, are passed over.
class AnytimeCurve {
 public:
  void add(const TrialEvent& event);
  void add(const EpochEvent& event);
  /// A line of events.jsonl. Throws Error when it is damaged.
  void add_line(const nlohmann::json& line);
  const std::vector<CurvePoint>& points() const { return points_; }
  /// The simulated seconds of all events.
  double seconds() const { return seconds_; }
  /// Whether its steps are the epochs of a one-shot search, and not trials.
  bool counts_epochs() const { return counts_epochs_; }

  std::string to_csv() const;
  /// Throws Error; `name` is the file's, for the message.
  static AnytimeCurve from_csv(std::string_view text, const std::string& name);

 private:
  std::vector<CurvePoint> points_;
  double seconds_ = 0.0;
  bool counts_epochs_ = false;
};

/// The curve.csv in the folder of a search that ended with `result`. Throws Error where it is damaged.
SearchCurve finished_curve(const std::filesystem::path& folder, const SeedResult& result);

}  // namespace espalier::host
