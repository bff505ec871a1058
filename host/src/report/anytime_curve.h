#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/search/events.h"

namespace espalier::host {

/// What a search stands for from one trial (or epoch) on.
struct CurvePoint {
  std::uint64_t step = 0;        ///< the trial, or the epoch
  double seconds = 0.0;          ///< simulated training seconds of all trials up to here
  std::optional<double> value;   ///< of the first objective
  std::optional<double> report;  ///< what the report benchmark says
};

/// The anytime curve of one search: a point for every new best trial, or for every epoch of a one-shot
/// search. Epochs of a training, which stand for no architecture of the search, are passed over.
class AnytimeCurve {
 public:
  void add(const TrialEvent& event);
  void add(const EpochEvent& event);
  /// A line of events.jsonl. Throws Error when it is damaged.
  void add_line(const nlohmann::json& line);
  const std::vector<CurvePoint>& points() const { return points_; }
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

}  // namespace espalier::host
