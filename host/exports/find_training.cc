#include "exports/find_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/report/training_files.h"

namespace espalier::exports {
namespace {

namespace fs = std::filesystem;
using host::JobProgress;
using host::ReportedTraining;

bool is_within(const fs::path& folder, const fs::path& outer) {
  const auto [inner_rest, outer_rest] =
      std::mismatch(folder.begin(), folder.end(), outer.begin(), outer.end());
  return outer_rest == outer.end() || (std::next(outer_rest) == outer.end() && outer_rest->empty());
}

fs::path folder_of(const fs::path& path) {
  const fs::path folder = fs::canonical(path);
  return fs::is_directory(folder) ? folder : folder.parent_path();
}

void check_space(const host::ReportedRun& run, const fs::path& path) {
  if (run.space) return;
  std::vector<std::string> folders;
  folders.reserve(run.begun.plugin_path.size());
  for (const fs::path& folder : run.begun.plugin_path) folders.push_back(folder.string());
  // A gap is a whole message of several lines.
  const std::string gap = run.gaps.empty() ? "the search space of the run cannot be made" : run.gaps.front();
  throw Error(
      {.what = gap.substr(0, gap.find('\n')),
       .where = path.string(),
       .remedy = folders.empty()
                     ? "install its plugin, or name its folder with --plugin-path"
                     : "if you trust the plugins of this run, name their folder with --plugin-path: " +
                           join_names(folders)});
}

std::vector<ReportedTraining> trainings_within(const host::ReportedRun& run, const fs::path& path) {
  std::vector<ReportedTraining> found;
  for (const ReportedTraining& training : run.trainings)
    if (is_within(fs::weakly_canonical(training.folder), path)) found.push_back(training);
  return found;
}

std::string architecture_of(const host::ReportedRun& run, const std::string& label, std::uint64_t seed) {
  for (const host::SummaryRow& row : run.summary.rows)
    for (const host::SeedResult& result : row.results)
      if (row.label == label && result.seed == seed) return result.architecture;
  return {};
}

[[noreturn]] void refuse_untrained(const host::ReportedRun& run, const fs::path& path) {
  const std::string directory = host::shell_quoted(run.directory.string());
  if (run.trainings.empty())
    throw UsageError(
        {.what = "this run has trained no network, so there are no weights",
         .where = path.string(),
         .expected = "a run whose config has evaluate:, or one of espalier evaluate",
         .remedy = fmt::format("train what it found: espalier resume {} "
                               "'evaluate={{epochs: 100}}' (and dataset=NAME where the run has none)",
                               directory)});
  throw UsageError({.what = "no training of this run is finished",
                    .where = path.string(),
                    .expected = "a finished training",
                    .remedy = "finish it: espalier resume " + directory});
}

[[noreturn]] void refuse_several(const std::vector<ReportedTraining>& trainings, const fs::path& path) {
  constexpr std::size_t most = 8;
  std::vector<std::string> list;
  for (std::size_t i = 0; i < std::min(most, trainings.size()); ++i)
    list.push_back(
        fmt::format("{} ({:.2f} %)", trainings[i].folder.string(), trainings[i].trained->result.test));
  if (trainings.size() > most) list.push_back(fmt::format("{} more", trainings.size() - most));
  throw UsageError({.what = fmt::format("this run has {} trained networks", trainings.size()),
                    .where = path.string(),
                    .expected = "the folder of one of them (with its test accuracy): " + join_names(list)});
}

}  // namespace

fs::path run_of(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    throw UsageError({.what = "there is no such run",
                      .where = path.string(),
                      .expected = "the directory of a run, or the folder of a training within one"});
  for (fs::path folder = fs::canonical(path);; folder = folder.parent_path()) {
    if (host::holds_run(folder)) return folder == fs::canonical(path) ? path : folder;
    if (folder == folder.root_path()) break;
  }
  throw UsageError({.what = "this is no part of a run",
                    .where = path.string(),
                    .expected = "the directory of a run, or the folder of a training within one"});
}

FoundTraining find_training(const fs::path& path, host::PluginRegistry& registry) {
  FoundTraining found{.run = host::read_run(run_of(path), registry),
                      .training = {},
                      .architecture = {},
                      .input = {},
                      .weights_file = {},
                      .weights = {}};
  std::vector<ReportedTraining> trainings = trainings_within(found.run, folder_of(path));
  std::erase_if(trainings, [](const ReportedTraining& training) {
    return training.progress != JobProgress::finished || !training.trained;
  });
  if (trainings.empty()) refuse_untrained(found.run, path);
  if (trainings.size() > 1) refuse_several(trainings, path);
  check_space(found.run, path);
  found.training = std::move(trainings.front());
  found.architecture = found.run.space->parse(found.training.trained->architecture);
  const fs::path& kept = found.training.folder;
  found.input = image_input(host::read_training_file(kept, host::kTrainedDescription),
                            (kept / host::kTrainedDescription).string());
  found.weights_file = kept / host::kTrainedWeights;
  found.weights =
      read_safetensors(host::read_training_file(kept, host::kTrainedWeights), found.weights_file.string());
  return found;
}

Component trainer_of(const host::ReportedRun& run) {
  if (run.evaluates) return run.evaluates->evaluate.trainer;
  return run.searches->evaluate->trainer;
}

FoundSearch find_search(const fs::path& path, host::PluginRegistry& registry) {
  FoundSearch found{.run = host::read_run(run_of(path), registry),
                    .trainer = {},
                    .architecture = {},
                    .supernet_file = {},
                    .supernet = {}};
  check_space(found.run, path);
  const fs::path folder = folder_of(path);
  std::vector<std::string> candidates;
  for (const host::ReportedMethod& method : found.run.methods)
    for (const host::ReportedSearch& search : method.searches) {
      const fs::path own = fs::weakly_canonical(search.folder);
      std::error_code ignored;
      if (search.progress != JobProgress::finished || !(is_within(own, folder) || is_within(folder, own)) ||
          !fs::exists(search.folder / host::kSearchedSupernet, ignored))
        continue;
      candidates.push_back(search.folder.string());
      found.trainer = method.trainer;
      found.supernet_file = search.folder / host::kSearchedSupernet;
      found.architecture = architecture_of(found.run, method.label, search.seed);
    }
  if (candidates.empty())
    throw UsageError({.what = "this run holds no finished search that left a supernet",
                      .where = path.string(),
                      .expected = "a finished one-shot search, such as one of darts or gdas",
                      .remedy = "leave out --inherited to export a network that was trained from scratch"});
  if (candidates.size() > 1)
    throw UsageError({.what = fmt::format("this run has {} one-shot searches", candidates.size()),
                      .where = path.string(),
                      .expected = "the folder of one of them: " + join_names(candidates)});
  found.supernet = host::read_training_file(found.supernet_file.parent_path(), host::kSearchedSupernet);
  return found;
}

}  // namespace espalier::exports
