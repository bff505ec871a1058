#include "report/tensorboard_scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace espalier::host {
namespace {

using Json = nlohmann::json;

constexpr std::string_view strengths_key = "strengths";
constexpr std::string_view entropy_key = "entropy";

/// A number, or those of an object and of the objects within it: "benchmark/cifar10/test_accuracy". What has
/// another form is a trainer's own, and is passed over.
void add_numbers(const std::string& tag, const Json& value, TensorboardRecord& record, int levels = 2) {
  if (value.is_number()) record.add_scalar(tag, value.get<double>());
  if (!value.is_object() || levels == 0) return;
  for (const auto& [name, member] : value.items())
    add_numbers(fmt::format("{}/{}", tag, name), member, record, levels - 1);
}

}  // namespace

ScalarTags::ScalarTags(const ReportedRun& run) : report_("report"), space_(run.space) {
  const ResultMetrics& metrics = run.summary.metrics;
  for (const Metric& metric : metrics.objectives) objectives_.push_back(metric.name);
  if (metrics.report) report_ = metrics.report->name;
}

void ScalarTags::add(const TrialEvent& event, TensorboardRecord& record) const {
  add_values("trial", event.values, record);
  if (!objectives_.empty()) record.add_scalar("best/" + objectives_.front(), event.best);
  if (event.best_report) record.add_scalar("best/report " + report_, *event.best_report);
  if (event.fidelity != 0) record.add_scalar("fidelity", event.fidelity);
  for (const auto& [name, value] : event.more.items()) add_numbers(name, value, record);
}

void ScalarTags::add(const EpochEvent& event, TensorboardRecord& record) const {
  add_values("architecture", event.values, record);
  if (event.report) record.add_scalar("report/" + report_, *event.report);
  for (const auto& [name, value] : event.more.items()) {
    if (name == strengths_key)
      add_strengths(value, record);
    else
      add_numbers(value.is_object() || name == entropy_key ? name : "epoch/" + name, value, record);
  }
}

void ScalarTags::add_values(const char* group, const std::vector<double>& values,
                            TensorboardRecord& record) const {
  for (std::size_t i = 0; i < std::min(values.size(), objectives_.size()); ++i)
    record.add_scalar(fmt::format("{}/{}", group, objectives_[i]), values[i]);
}

void ScalarTags::add_strengths(const Json& strengths, TensorboardRecord& record) const {
  if (!strengths.is_array()) return;
  for (std::size_t i = 0; i < strengths.size(); ++i) {
    if (!strengths[i].is_array()) continue;
    for (std::size_t j = 0; j < strengths[i].size(); ++j)
      add_numbers(fmt::format("strengths/{}/{}", choice_tag(i), candidate_tag(i, j, strengths[i].size())),
                  strengths[i][j], record);
  }
}

std::string ScalarTags::choice_tag(std::size_t choice) const {
  const bool known = space_ && choice < space_->choices().size();
  return known ? space_->choices()[choice].name : fmt::format("choice {}", choice);
}

std::string ScalarTags::candidate_tag(std::size_t choice, std::size_t candidate,
                                      std::size_t candidates) const {
  // A stage of a search may have dropped candidates, and which ones the event does not say.
  const bool known = space_ && choice < space_->choices().size() &&
                     space_->choices()[choice].candidates.size() == candidates;
  return known ? space_->choices()[choice].candidates[candidate] : fmt::format("candidate {}", candidate);
}

}  // namespace espalier::host
