#include "run/preparation_jobs.h"

#include <fmt/format.h>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/files/read_file.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/needs_preparation.h"

namespace espalier::host {
namespace {

struct Unprepared {
  std::string label;
  const Benchmark& benchmark;
  NeedsPreparation& ability;
};

/// In the order of the config, the report benchmark last.
std::vector<Unprepared> unprepared(const PreparedRun& run) {
  std::vector<Unprepared> all;
  const auto add = [&all](const std::string& label, Benchmark& benchmark) {
    auto* const needy = ability<NeedsPreparation>(benchmark);
    const bool needs = needy != nullptr && call_plugin(benchmark, "needs_preparation()",
                                                       [&] { return needy->needs_preparation(); });
    if (needs) all.push_back({label, benchmark, *needy});
  };
  for (const PreparedBenchmark& each : run.benchmarks) add(each.label, *each.benchmark);
  if (run.report_benchmark) add("report", *run.report_benchmark);
  return all;
}

std::filesystem::path folder_of(const RunDirectory& directory, const std::string& label) {
  return directory.path() / JobFiles::preparation / label;
}

OrderedJson prepare(const Unprepared& of, JobJournal& journal) {
  const std::string bytes =
      call_plugin(of.benchmark, "prepare()", [&] { return of.ability.prepare(journal); });
  journal.keep(JobFiles::prepared, bytes);
  return {{"bytes", bytes.size()}};
}

}  // namespace

std::vector<Job> preparation_jobs(const PreparedRun& run, const RunDirectory& directory) {
  std::vector<Job> jobs;
  for (const Unprepared& each : unprepared(run)) {
    jobs.push_back({.folder = folder_of(directory, each.label),
                    .what = fmt::format("preparation of the benchmark {}", each.benchmark.name()),
                    .identity = {{"benchmark", each.benchmark.name()}, {"label", each.label}},
                    .work = [=](JobJournal& journal) { return prepare(each, journal); }});
  }
  return jobs;
}

void load_preparations(const PreparedRun& run, const RunDirectory& directory) {
  for (const Unprepared& each : unprepared(run)) {
    const auto file = folder_of(directory, each.label) / JobFiles::prepared;
    const auto bytes = read_file(file);
    if (!bytes) throw result_gone(file);
    call_plugin(each.benchmark, "load_preparation()", [&] { each.ability.load_preparation(*bytes); });
  }
}

}  // namespace espalier::host
