#include "report/reported_search.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "directory/job_timing.h"
#include "directory/result_file.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"
#include "files/sha256.h"
#include "report/anytime_curve.h"
#include "report/event_file.h"
#include "report/result_json.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

/// As far as the events go. Their number is added to `steps`.
AnytimeCurve drawn_from_events(const fs::path& folder, std::uint64_t& steps) {
  AnytimeCurve curve;
  for_each_event(folder / JobFiles::events, [&](std::uint64_t number, const Event& event) {
    std::visit([&](const auto& each) { curve.add(each); }, event);
    steps = number;
  });
  return curve;
}

SearchCurve curve_of_events(const fs::path& folder) {
  std::uint64_t steps = 0;
  const AnytimeCurve curve = drawn_from_events(folder, steps);
  return {.points = curve.points(),
          .steps = steps,
          .seconds = curve.seconds(),
          .ended = false,
          .counts_epochs = curve.counts_epochs()};
}

/// The curve that belongs to a result; drawn again from the events where the file is another.
SearchCurve curve_of_result(const nlohmann::json& json, const fs::path& folder, const SeedResult& result) {
  const auto& sums = json.at("files");
  const auto sum = sums.find(JobFiles::curve);
  if (sum == sums.end()) return {.points = {}, .steps = result.trials, .seconds = result.seconds};
  const auto text = read_file(folder / JobFiles::curve);
  if (text && sha256_of(*text) == sum->get<std::string>()) return finished_curve(folder, result);
  std::uint64_t steps = 0;
  const AnytimeCurve drawn = drawn_from_events(folder, steps);
  if (sha256_of(drawn.to_csv()) != sum->get<std::string>())
    refuse_result(folder / JobFiles::result, "its curve.csv is damaged, and its events.jsonl as well");
  return {.points = drawn.points(),
          .steps = drawn.counts_epochs() ? result.epochs : result.trials,
          .seconds = result.seconds,
          .ended = true,
          .counts_epochs = drawn.counts_epochs()};
}

/// Of the last row of timing.csv.
std::optional<double> measured_seconds(const fs::path& folder) {
  const auto text = read_file(folder / JobFiles::timing);
  if (!text || text->size() < 2) return std::nullopt;
  const std::string_view rows(text->data(), text->size() - 1);  // less the last end of a line
  const auto row = timing_row(rows.substr(rows.rfind('\n') + 1));
  return row ? std::optional(row->seconds) : std::nullopt;
}

void read_finished(const fs::path& folder, const ResultMetrics& metrics, SearchOnDisk& disk) {
  const fs::path file = folder / JobFiles::result;
  const auto json = read_result(file);
  if (!json) return;
  try {
    disk.result = seed_result(*json, metrics);
    disk.search.curve = curve_of_result(*json, folder, *disk.result);
  } catch (const nlohmann::json::exception& error) {
    refuse_result(file, error.what());
  }
  disk.search.progress = JobProgress::finished;
}

void add_gap(const Error& error, JobProgress& progress, std::vector<std::string>& gaps) {
  progress = JobProgress::damaged;
  gaps.emplace_back(error.what());
}

}  // namespace

SearchOnDisk read_reported_search(const fs::path& folder, std::uint64_t seed, const ResultMetrics& metrics,
                                  std::vector<std::string>& gaps) {
  SearchOnDisk disk{.search = {.seed = seed, .folder = folder, .curve = {}}, .result = {}};
  try {
    read_finished(folder, metrics, disk);
    if (!disk.result && is_there(folder / JobFiles::events)) {
      disk.search.curve = curve_of_events(folder);
      disk.search.progress = JobProgress::begun;
    }
    disk.search.measured_seconds = measured_seconds(folder);
  } catch (const Error& error) {
    disk.result.reset();
    disk.search.curve = {};
    add_gap(error, disk.search.progress, gaps);
  }
  return disk;
}

void read_reported_training(ReportedTraining& training, std::vector<std::string>& gaps) {
  try {
    training.trained = read_training(training.folder / JobFiles::result);
    if (training.trained)
      training.progress = JobProgress::finished;
    else if (is_there(training.folder / JobFiles::events))
      training.progress = JobProgress::begun;
  } catch (const Error& error) {
    add_gap(error, training.progress, gaps);
  }
}

}  // namespace espalier::host
