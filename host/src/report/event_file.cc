#include "report/event_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"
#include "files/hashed_file.h"

namespace espalier::host {
namespace {

[[noreturn]] void refuse_event(const std::filesystem::path& file, std::uint64_t number,
                               const std::string& what) {
  throw Error({.what = what,
               .where = to_string(Location{file.string(), static_cast<int>(number), 0}),
               .expected = "an event as the search wrote it",
               .remedy = "`espalier resume` of its run says what to do about the damage"});
}

}  // namespace

void check_events(const std::filesystem::path& folder) {
  const auto result = read_result(folder / JobFiles::result);
  if (!result) return;
  const auto& sums = result->at("files");
  const auto sum = sums.find(JobFiles::events);
  if (sum == sums.end()) return;
  const auto file = folder / JobFiles::events;
  if (is_there(file) && HashedFile(file).sha256() == sum->get<std::string>()) return;
  throw Error({.what = is_there(file) ? "the events of a finished search were changed"
                                      : "the events of a finished search are gone",
               .where = file.string(),
               .expected = "the bytes that were written with its result.json",
               .remedy = "`espalier resume` of its run says what to do about the damage"});
}

void for_each_line(const std::filesystem::path& file,
                   const std::function<void(std::uint64_t number, const std::string& line)>& take) {
  if (!is_there(file)) return;
  std::ifstream stream = open_file(file);
  std::uint64_t number = 0;
  for (std::string line; std::getline(stream, line) && !stream.eof();) take(++number, line);
  if (stream.bad()) throw Error({.what = "reading failed, or memory ran out", .where = file.string()});
}

Event read_event(const std::string& line, const std::filesystem::path& file, std::uint64_t number) {
  try {
    const auto json = nlohmann::json::parse(line);
    if (auto trial = trial_event(json)) return *std::move(trial);
    if (auto epoch = epoch_event(json)) return *std::move(epoch);
  } catch (const nlohmann::json::exception&) {
    refuse_event(file, number, "this line is not JSON");
  } catch (const Error& error) {
    refuse_event(file, number, error.details().what);
  }
  refuse_event(file, number, "this is neither the event of a trial nor that of an epoch");
}

std::optional<double> number_in(const nlohmann::json& more, const char* name) {
  const auto found = more.find(name);
  return found != more.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

void for_each_event(const std::filesystem::path& file,
                    const std::function<void(std::uint64_t number, const Event& event)>& take) {
  for_each_line(file, [&](std::uint64_t number, const std::string& line) {
    take(number, read_event(line, file, number));
  });
}

}  // namespace espalier::host
