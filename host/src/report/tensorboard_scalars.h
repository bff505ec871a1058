#pragma once

#include <string>
#include <vector>

#include "espalier/host/report/reported_run.h"
#include "espalier/search/events.h"
#include "report/tensorboard_record.h"

namespace espalier::host {

/// What the values of a run's events are called in TensorBoard.
class ScalarTags {
 public:
  explicit ScalarTags(const ReportedRun& run);

  /// Adds whatever numbers an event holds.
  void add(const TrialEvent& event, TensorboardRecord& record) const;
  void add(const EpochEvent& event, TensorboardRecord& record) const;

 private:
  void add_values(const char* group, const std::vector<double>& values, TensorboardRecord& record) const;
  void add_strengths(const nlohmann::json& strengths, TensorboardRecord& record) const;
  std::string choice_tag(std::size_t choice) const;
  std::string candidate_tag(std::size_t choice, std::size_t candidate, std::size_t candidates) const;

  std::vector<std::string> objectives_;
  std::string report_;
  std::shared_ptr<const SearchSpace> space_;
};

}  // namespace espalier::host
