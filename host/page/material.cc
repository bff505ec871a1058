#include "page/material.h"

#include <fmt/format.h>

#include <iterator>

namespace espalier::page {

Material::Material(std::vector<host::ReportedRun>& runs) : runs_(runs) {
  for (host::ReportedRun& run : runs) {
    std::vector<host::OneShotHistory> histories = host::one_shot_histories(run);
    std::move(histories.begin(), histories.end(), std::back_inserter(histories_));
  }
  groups_ = host::compare_runs(runs);
  for (const host::ComparedRuns& group : groups_)
    for (const host::ComparedMethod& method : group.methods) styles_.try_emplace(method.name, styles_.size());
  for (const host::ReportedRun& run : runs)
    for (const host::BaselineResult& baseline : run.summary.baselines)
      styles_.try_emplace(baseline.name, styles_.size());
}

const std::string& Material::name_of(const host::ReportedRun& run, std::string_view label) const {
  static const std::string unknown = "?";
  for (const host::ComparedRuns& group : groups_)
    for (const host::ComparedMethod& method : group.methods)
      if (method.run == &run && method.index && run.methods[*method.index].label == label) return method.name;
  return unknown;
}

void Material::add_gap(const host::ReportedRun& run, const Error& error) {
  for (host::ReportedRun& each : runs_)
    if (&each == &run) each.gaps.emplace_back(error.what());
}

std::string numbered_id(std::string_view id, std::size_t number) {
  return number == 0 ? std::string(id) : fmt::format("{}-{}", id, number + 1);
}

}  // namespace espalier::page
