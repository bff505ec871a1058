#include "espalier/host/report/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/report/table.h"

namespace espalier::host {
namespace {

using Weight = Alarm::Weight;

std::string whose(const ReportedRun& run, const std::string& label) {
  return fmt::format("{}, {}", run_name(run), label);
}

/// Whether somebody finishes the run, or what does.
std::string how_to_go_on(const ReportedRun& run) {
  if (run.running) return "; the run goes on at this moment";
  return fmt::format("; no process works on it, and `espalier resume {}` finishes it",
                     shell_quoted(run.directory.string()));
}

void add_unfinished(const ReportedRun& run, std::vector<Alarm>& alarms) {
  std::size_t open = 0;
  std::size_t all = 0;
  for (const ReportedMethod& method : run.methods)
    for (const ReportedSearch& search : method.searches) {
      ++all;
      if (search.progress != JobProgress::finished) ++open;
    }
  if (open > 0)
    alarms.push_back(
        {Weight::warning,
         fmt::format(
             "{}: {} of {} searches are not finished{}. Figures over the seeds are of those that are.",
             run_name(run), grouped(static_cast<std::int64_t>(open)), grouped(static_cast<std::int64_t>(all)),
             how_to_go_on(run))});
  const auto trainings = std::ranges::count_if(run.trainings, [](const ReportedTraining& training) {
    return training.progress != JobProgress::finished;
  });
  if (trainings > 0)
    alarms.push_back(
        {Weight::warning, fmt::format("{}: {} of {} trainings from scratch are not finished{}.",
                                      run_name(run), trainings, run.trainings.size(), how_to_go_on(run))});
}

/// A deviation of zero is no sign of a good method where the searches could not end elsewhere.
void add_one_network(const ReportedRun& run, std::vector<Alarm>& alarms) {
  for (const SummaryRow& row : run.summary.rows) {
    if (row.results.size() < 2 || !row.found) continue;
    std::set<std::string> found;
    for (const SeedResult& result : row.results) found.insert(result.architecture);
    std::size_t same = 0;  // the largest group of one network in several strings
    for (const auto& seeds : row.same_networks) same = std::max(same, seeds.size());
    if (found.size() > 1 && same < row.results.size()) continue;
    alarms.push_back(
        {Weight::note, fmt::format("{}: all {} seeds found one network, so the deviation over the "
                                   "seeds is zero. More seeds will not add to what is known.",
                                   whose(run, row.label), row.results.size())});
  }
}

void add_overfitting(const ReportedRun& run, std::vector<Alarm>& alarms) {
  constexpr double far = 3.0;  // percent
  for (const ReportedTraining& training : run.trainings) {
    if (!training.trained || !training.trained->result.validation) continue;
    const TrainingResult& result = training.trained->result;
    const double above = *result.validation - result.test;
    const bool chance =
        result.test_images > 0 && *result.validation <= wilson_interval(result.test, result.test_images).high;
    if (above < far || chance) continue;
    alarms.push_back(
        {Weight::warning,
         fmt::format(
             "{}, seed {}: the trained network's validation accuracy, {:.2f} %, is {:.2f} above its test "
             "accuracy. The held-out images may resemble the training images more than the test images "
             "do.",
             whose(run, training.label), training.trained->seed, *result.validation, above)});
  }
}

}  // namespace

std::vector<Alarm> alarms_of(const ReportedRun& run) {
  std::vector<Alarm> alarms;
  for (const std::string& gap : run.gaps)
    alarms.push_back({Weight::damage, fmt::format("{}: {}", run_name(run), gap)});
  add_unfinished(run, alarms);
  add_overfitting(run, alarms);
  add_one_network(run, alarms);
  return alarms;
}

}  // namespace espalier::host
