#include "espalier/host/report/compared_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

enum class Judge { report, training, hypervolume, objective, none };

Judge judge_of(const ReportedRun& run) {
  if (run.evaluates) return Judge::training;
  const ResultMetrics& metrics = run.summary.metrics;
  if (metrics.objectives.size() > 1) return Judge::hypervolume;
  if (metrics.report) return Judge::report;
  if (run.searches->evaluate) return Judge::training;
  return metrics.objectives.empty() ? Judge::none : Judge::objective;
}

std::optional<Metric> metric_of(const ReportedRun& run, Judge judge) {
  switch (judge) {
    case Judge::report:
      return run.summary.metrics.report;
    case Judge::training:
      return Metric{.name = "test_accuracy", .unit = "%"};
    case Judge::hypervolume:
      return Metric{.name = "hypervolume"};
    case Judge::objective:
      return run.summary.metrics.objectives.front();
    case Judge::none:
      break;
  }
  return std::nullopt;
}

/// What two runs have in common that can be compared.
std::string setting_of(const ReportedRun& run, Judge judge) {
  const ConfigValue& config = run.begun.config;
  const std::string space = run.evaluates ? "" : run.searches->search_space.name;
  std::string setting = fmt::format("{}\n{}\n", static_cast<int>(judge), space);
  const auto add = [&](auto keys) {
    for (const char* key : keys)
      if (const ConfigValue* const value = config.find(key))
        setting += fmt::format("{}: {}\n", key, to_yaml(*value));
  };
  if (judge == Judge::training) {
    // Each run may name the seeds that it can afford.
    setting += to_yaml(*config.find("dataset"));
    for (const auto& [key, value] : config.find("evaluate")->entries)
      if (key != "seeds") setting += fmt::format("{}: {}\n", key, to_yaml(value));
  } else {
    add(std::array{"benchmark", "report", "objectives", "constraints"});
    // The hypervolume of one run has another corner than that of another.
    if (judge == Judge::hypervolume) setting += run.directory.string();
  }
  return setting;
}

std::optional<double> value_of(const SummaryRow& row, std::size_t i, Judge judge) {
  const SeedResult& result = row.results[i];
  switch (judge) {
    case Judge::report:
      return result.report;
    case Judge::training: {
      if (result.trained.empty()) return std::nullopt;
      double sum = 0.0;
      for (const TrainedArchitecture& trained : result.trained) sum += trained.result.test;
      return sum / static_cast<double>(result.trained.size());
    }
    case Judge::hypervolume:
      return row.hypervolume ? std::optional(row.hypervolume->values[i]) : std::nullopt;
    case Judge::objective:
      return result.values.empty() ? std::nullopt : std::optional(result.values.front());
    case Judge::none:
      break;
  }
  return std::nullopt;
}

ComparedMethod method_of(const ReportedRun& run, std::size_t index, Judge judge) {
  ComparedMethod method{.name = run.methods[index].label, .run = &run, .index = index, .values = {}};
  if (index >= run.summary.rows.size()) return method;  // the metrics are missing, and nothing was read
  const SummaryRow& row = run.summary.rows[index];
  for (std::size_t i = 0; i < row.results.size(); ++i)
    if (const auto value = value_of(row, i, judge))
      method.values.push_back({.seed = row.results[i].seed, .value = *value});
  if (judge == Judge::training) method.figure = row.trained;
  return method;
}

ComparedMethod evaluated(const ReportedRun& run) {
  ComparedMethod method{.name = run_name(run), .run = &run, .index = {}, .values = {}};
  for (const ReportedTraining& training : run.trainings)
    if (training.trained)
      method.values.push_back({.seed = training.trained->seed, .value = training.trained->result.test});
  return method;
}

void add_figure(ComparedMethod& method, const std::optional<Metric>& metric) {
  if (method.figure || method.values.empty() || !metric) return;
  std::vector<double> values;
  for (const SeedValue& each : method.values) values.push_back(each.value);
  method.figure = statistics(values, *metric);
}

/// Names the run where a label stands in several, and its whole path where that is not enough.
void make_names_unique(std::vector<ComparedMethod>& methods) {
  const auto repeated = [&] {
    std::map<std::string, int> counts;
    for (const ComparedMethod& method : methods) ++counts[method.name];
    return counts;
  };
  const auto label = [](const ComparedMethod& method) {
    return method.index ? method.run->methods[*method.index].label : std::string("evaluate");
  };
  for (auto counts = repeated(); ComparedMethod & method : methods)
    if (counts[method.name] > 1) method.name = fmt::format("{} ({})", label(method), run_name(*method.run));
  for (auto counts = repeated(); ComparedMethod & method : methods)
    if (counts[method.name] > 1)
      method.name = fmt::format("{} ({})", label(method), method.run->directory.string());
}

}  // namespace

std::string run_name(const ReportedRun& run) {
  std::filesystem::path path = run.directory.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string name = path.filename().string();
  return name.empty() || name == "." || name == ".."
             ? std::filesystem::absolute(path).lexically_normal().string()
             : name;
}

std::vector<ComparedRuns> compare_runs(const std::vector<ReportedRun>& runs) {
  std::vector<ComparedRuns> groups;
  std::map<std::string, std::size_t> known;
  for (const ReportedRun& run : runs) {
    if (run.methods.empty() && !run.evaluates) continue;
    const Judge judge = judge_of(run);
    const auto [place, is_new] = known.try_emplace(setting_of(run, judge), groups.size());
    if (is_new)
      groups.push_back({.title = run.summary.title,
                        .judged_by = metric_of(run, judge),
                        .best = judge == Judge::report ? run.summary.best_report : std::nullopt,
                        .methods = {}});
    ComparedRuns& group = groups[place->second];
    if (run.evaluates) group.methods.push_back(evaluated(run));
    for (std::size_t i = 0; i < run.methods.size(); ++i) group.methods.push_back(method_of(run, i, judge));
  }
  for (ComparedRuns& group : groups) {
    make_names_unique(group.methods);
    for (ComparedMethod& method : group.methods) add_figure(method, group.judged_by);
  }
  return groups;
}

}  // namespace espalier::host
