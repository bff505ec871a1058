#include "directory/run_directory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "config/config_difference.h"
#include "directory/run_config_file.h"
#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view seed_prefix = "seed_";

std::vector<fs::path> children(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) paths.push_back(entry->path());
  if (error) throw_file_error("cannot read", folder, error.value());
  return paths;
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

/// The folders of seeds within another.
std::vector<fs::path> seed_folders(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (fs::path& path : children(folder))
    if (path.filename().string().starts_with(seed_prefix) && is_folder(path))
      folders.push_back(std::move(path));
  return folders;
}

/// Of searches and trainings, a training before its search.
std::vector<fs::path> search_folders(const fs::path& run) {
  std::vector<fs::path> folders;
  const auto add_trainings_of = [&](const fs::path& search) {
    for (const char* name : {JobFiles::selection, JobFiles::evaluation}) {
      const fs::path folder = search / name;
      if (!is_folder(folder)) continue;
      for (const fs::path& training : seed_folders(folder)) folders.push_back(training);
      folders.push_back(folder);
    }
  };
  for (const fs::path& label : children(run)) {
    if (!is_folder(label)) continue;
    for (const fs::path& folder : seed_folders(label)) {
      add_trainings_of(folder);
      folders.push_back(folder);
    }
  }
  add_trainings_of(run);  // of `espalier evaluate`, which searches nothing
  if (const fs::path prepared = run / JobFiles::preparation; is_folder(prepared)) {
    for (fs::path& benchmark : children(prepared))
      if (is_folder(benchmark)) folders.push_back(std::move(benchmark));
  }
  return folders;
}

/// The text of the directory's config; nothing when no run has written there yet.
std::optional<std::string> read_config(const fs::path& run) {
  auto text = read_file(run / RunFiles::config);
  if (text && is_config_of_run(*text)) return text;
  if (is_there(run / RunFiles::inputs) || is_there(run / RunFiles::summary))
    throw UsageError({.what = fmt::format("the {} of this run is gone or damaged", RunFiles::config),
                      .where = (run / RunFiles::config).string(),
                      .expected = "the file that the run wrote",
                      .remedy = "put it back, or remove the directory and run again"});
  for (const fs::path& path : children(run)) {
    if (path.filename() == RunFiles::lock || is_temporary(path)) continue;
    throw UsageError({.what = "this directory holds something other than a run",
                      .where = run.string(),
                      .expected = "a new or empty directory, or that of a run with its config.yaml",
                      .remedy = "name another with --out"});
  }
  return std::nullopt;
}

/// Whether something would be lost with the directory: a result, a checkpoint, or what was measured.
bool holds_searches(const fs::path& run) {
  if (is_there(run / RunFiles::measurements)) return true;
  const auto folders = search_folders(run);
  return std::any_of(folders.begin(), folders.end(), [](const fs::path& folder) {
    return is_there(folder / JobFiles::result) || is_there(folder / JobFiles::checkpoint) ||
           is_there(folder / JobFiles::growth);
  });
}

/// The folders of the baselines of a run, each of which is a run.
std::vector<fs::path> baseline_folders(const fs::path& run) {
  const fs::path folder = run / RunFiles::baselines;
  if (!is_folder(folder)) return {};
  std::vector<fs::path> folders = children(folder);
  std::erase_if(folders, [](const fs::path& path) { return !is_folder(path); });
  return folders;
}

/// Removes what a run writes and nothing else.
void discard(const fs::path& run) {  // NOLINT(misc-no-recursion): a baseline has no baselines
  std::error_code ignored;           // a folder that holds something else stays
  for (const fs::path& folder : search_folders(run)) {
    for (const char* file : JobFiles::all) remove_file(folder / file);
    fs::remove(folder, ignored);
    fs::remove(folder.parent_path(), ignored);
  }
  for (const fs::path& baseline : baseline_folders(run)) {
    discard(baseline);
    remove_file(baseline / RunFiles::lock);
    fs::remove(baseline, ignored);
  }
  fs::remove(run / RunFiles::baselines, ignored);
  for (const char* file : RunFiles::all) remove_file(run / file);
}

/// What a kill in the middle of a write left behind.
void remove_temporaries(const fs::path& run) {
  for (const char* file : RunFiles::all) remove_file(run / fmt::format("{}.tmp", file));
  for (const fs::path& folder : search_folders(run)) {
    for (const char* file : JobFiles::all) remove_file(folder / fmt::format("{}.tmp", file));
  }
}

void check_grown(const fs::path& run, const std::string& text, const ConfigValue& config,
                 const std::vector<std::string>& growing) {
  const fs::path file = run / RunFiles::config;
  const auto difference = first_difference(parse_config_of_run(text, file), config, growing);
  if (!difference) return;
  throw UsageError(
      {.what = fmt::format("this directory holds a run of another config: {} is {} there and {} here",
                           difference->key, difference->theirs, difference->ours),
       .where = file.string(),
       .expected = fmt::format(
           "the same config, or one with more seeds, more optimizers, a training that was not "
           "asked for before (evaluate, select){}",
           growing.empty() ? ""
                           : fmt::format(", or a larger {} (0 is no limit)", fmt::join(growing, " or "))),
       .remedy =
           fmt::format("run this config into another directory (espalier run CONFIG --out DIR), go on with "
                       "that run as it is (espalier resume {}), or discard it with --overwrite",
                       run.string())});
}

/// The directory, made or found to be one that this run may write to. Nothing in it has been touched.
fs::path prepared(fs::path path, const ConfigValue& config, const std::vector<std::string>& growing,
                  bool overwrite) {
  make_directories(path);
  const auto existing = read_config(path);
  if (existing && !overwrite && holds_searches(path)) check_grown(path, *existing, config, growing);
  return path;
}

}  // namespace

RunDirectory::RunDirectory(fs::path path, const ConfigValue& resolved_config,
                           const std::vector<std::string>& growing, bool overwrite)
    : path_(prepared(std::move(path), resolved_config, growing, overwrite)),
      lock_(path_),
      config_(to_config_text(resolved_config)) {
  // Another process may have written it before the lock was ours.
  const auto existing = read_config(path_);
  held_results_ = existing && !overwrite && holds_searches(path_);
  if (held_results_) check_grown(path_, *existing, resolved_config, growing);
  if (existing) remove_temporaries(path_);
  if (existing && !held_results_) discard(path_);
}

void RunDirectory::begin() const {
  if (read_file(path_ / RunFiles::config) == config_) return;
  for (const char* file : RunFiles::made_anew) remove_file(path_ / file);  // of a smaller run
  write_file(path_ / RunFiles::config, config_);
}

std::string seed_folder(std::uint64_t seed) { return fmt::format("{}{}", seed_prefix, seed); }

fs::path RunDirectory::search_folder(const std::string& label, std::uint64_t seed) const {
  return path_ / label / seed_folder(seed);
}

void RunDirectory::write(const std::string& file, std::string_view content) const {
  if (read_file(path_ / file) != content) write_file(path_ / file, content);
}

}  // namespace espalier::host
