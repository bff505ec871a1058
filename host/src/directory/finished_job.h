#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "espalier/errors/errors.h"
#include "files/json_optional.h"
#include "run/job.h"

namespace espalier::host {

/// The text of a job's result.json: the job, `result`, and the SHA-256 of each of `files` and of itself.
std::string to_result_text(const Job& job, const OrderedJson& result,
                           const std::map<std::string, std::string>& files);

/// Reads a result.json; nothing when there is none. Throws Error when it is damaged.
std::optional<nlohmann::json> read_result(const std::filesystem::path& file);

/// What a folder holds of its job.
enum class JobState {
  open,      ///< no result
  finished,  ///< its result, whole, with the files that belong to it
  outgrown   ///< a result of another subject: of a smaller run
};

/// Looks at a job's folder. A curve that is missing or damaged is drawn again from the events. Throws Error
/// that names the file when anything else is damaged, or when the result is another job's.
JobState check_folder(const Job& job);

/// Throws the Error of a result.json that cannot be used.
[[noreturn]] void refuse_result(const std::filesystem::path& file, const std::string& why);
/// What to throw where a result was and is no more.
Error result_gone(const std::filesystem::path& file);

}  // namespace espalier::host
