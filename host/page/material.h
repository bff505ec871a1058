#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/report/alarms.h"
#include "espalier/host/report/compared_runs.h"
#include "espalier/host/report/reported_run.h"

namespace espalier::page {

/// The data that the sections of a report are made from. `runs` outlive it.
class Material {
 public:
  explicit Material(std::vector<host::ReportedRun>& runs);

  const std::vector<host::ReportedRun>& runs() const { return runs_; }
  const std::vector<host::ComparedRuns>& groups() const { return groups_; }
  /// Of all one-shot searches of all runs.
  const std::vector<host::OneShotHistory>& histories() const { return histories_; }

  /// The style that a method or a baseline has in all figures.
  std::size_t style(const std::string& name) const { return styles_.at(name); }
  /// A part of a run turned out to be damaged.
  void add_gap(const host::ReportedRun& run, const Error& error);

  /// How a method of a run is called in figures.
  const std::string& name_of(const host::ReportedRun& run, std::string_view label) const;

 private:
  std::vector<host::ReportedRun>& runs_;
  std::vector<host::OneShotHistory> histories_;
  std::vector<host::ComparedRuns> groups_;
  std::map<std::string, std::size_t> styles_;
};

/// "anytime" for the first group of several or the only one, "anytime-2" for the second.
std::string numbered_id(std::string_view id, std::size_t number);

}  // namespace espalier::page
