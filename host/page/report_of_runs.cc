#include "page/report_of_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "page/material.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

std::string names_of(const std::vector<host::ReportedRun>& runs) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, runs.size()); ++i)
    text += (i == 0 ? "" : ", ") + host::run_name(runs[i]);
  return runs.size() > most ? fmt::format("{} and {} more", text, runs.size() - most) : text;
}

std::string subtitle_of(const std::vector<host::ReportedRun>& runs) {
  std::vector<std::string> titles;
  for (const host::ReportedRun& run : runs)
    if (std::ranges::find(titles, run.summary.title) == titles.end()) titles.push_back(run.summary.title);
  return fmt::format("{}", fmt::join(titles, "; "));
}

}  // namespace

Document report_of_runs(std::vector<host::ReportedRun>& runs) {
  Material material(runs);
  Document document;
  document.title = names_of(runs);
  document.subtitle = subtitle_of(runs);
  document.unfinished = std::ranges::any_of(runs, &host::ReportedRun::running);
  for (const auto& section : {results, verdict, comparisons, ranks, best_so_far, fronts, one_shot, sizes,
                              trainings, found, cost, provenance})
    if (auto made = section(material)) document.sections.push_back(*std::move(made));
  const auto add = [&](std::vector<Alarm> alarms) {
    std::move(alarms.begin(), alarms.end(), std::back_inserter(document.alarms));
  };
  for (const host::ReportedRun& run : runs) add(host::alarms_of(run));
  add(host::alarms_of(material.groups()));
  add(host::alarms_of(material.histories()));
  return document;
}

}  // namespace espalier::page
