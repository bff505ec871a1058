#include "directory/finished_job.h"

#include <fmt/format.h>

#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"
#include "files/hashed_file.h"
#include "files/sealed_json.h"
#include "files/sha256.h"
#include "report/anytime_curve.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* files_key = "files";

std::string redo(const fs::path& result) {
  return fmt::format("remove {} and run again: this part of the run is done again", result.string());
}

[[noreturn]] void refuse_damaged(const fs::path& file, const std::string& why) {
  throw Error(
      {.what = fmt::format("a file of a finished result is damaged: {} {}", file.filename().string(), why),
       .where = file.string(),
       .expected = "the bytes that were written with the result",
       .remedy = redo(file.parent_path() / JobFiles::result)});
}

void check_file(const fs::path& file, const std::string& sum) {
  if (!is_there(file)) refuse_damaged(file, "is gone");
  try {
    if (HashedFile(file).sha256() == sum) return;
  } catch (const Error& error) {
    refuse_damaged(file, error.details().what);
  }
  refuse_damaged(file, "holds something else");
}

/// Draws curve.csv again, as the events give it.
void mend_curve(const fs::path& folder, const std::string& sum) {
  try {
    if (HashedFile(folder / JobFiles::curve).sha256() == sum) return;
  } catch (const Error&) {  // it is gone, or no file at all
  }
  AnytimeCurve curve;
  std::ifstream events = open_file(folder / JobFiles::events);
  for (std::string line; std::getline(events, line);) curve.add_line(nlohmann::json::parse(line));
  const std::string drawn = curve.to_csv();
  if (sha256_of(drawn) != sum) refuse_damaged(folder / JobFiles::curve, "is not what the events give");
  write_file(folder / JobFiles::curve, drawn, Durability::process);
}

void check_files(const nlohmann::json& result, const fs::path& folder) {
  const auto& sums = result.at(files_key);
  for (const auto& [name, sum] : sums.items())
    if (name != JobFiles::curve) check_file(folder / name, sum.get<std::string>());
  if (sums.contains(JobFiles::curve)) mend_curve(folder, sums.at(JobFiles::curve).get<std::string>());
}

bool holds_all_of(const nlohmann::json& result, const OrderedJson& part) {
  for (const auto& [key, value] : part.items())
    if (!result.contains(key) || result.at(key) != nlohmann::json(value)) return false;
  return true;
}

}  // namespace

std::string to_result_text(const Job& job, const OrderedJson& result,
                           const std::map<std::string, std::string>& files) {
  OrderedJson whole = job.identity;
  whole.update(job.subject);
  whole.update(result);
  whole[files_key] = files;
  return seal(whole);
}

std::optional<nlohmann::json> read_result(const fs::path& file) try {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  if (!is_sealed(*text)) refuse_result(file, "it is damaged or cut short");
  return nlohmann::json::parse(*text);
} catch (const nlohmann::json::exception& error) {
  refuse_result(file, error.what());
}

JobState check_folder(const Job& job) {
  const fs::path file = job.folder / JobFiles::result;
  const auto result = read_result(file);
  if (!result) return JobState::open;
  try {
    if (!holds_all_of(*result, job.identity)) refuse_result(file, "it belongs to another search");
    if (!holds_all_of(*result, job.subject)) return JobState::outgrown;
    check_files(*result, job.folder);
  } catch (const nlohmann::json::exception& error) {
    refuse_result(file, error.what());
  }
  return JobState::finished;
}

void refuse_result(const fs::path& file, const std::string& why) {
  throw Error({.what = fmt::format("this result is not usable: {}", why),
               .where = file.string(),
               .expected = "the result.json that a finished search or training wrote",
               .remedy = redo(file)});
}

Error result_gone(const fs::path& file) {
  return Error(
      {.what = "a result that was here before is gone", .where = file.string(), .remedy = "run again"});
}

}  // namespace espalier::host
