#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/host/report/summary.h"

namespace espalier::host {

/// The text of result.json.
std::string to_result_text(const SeedResult& result, const std::string& label, const ResultMetrics& metrics);

/// What to throw where a result was and is no more.
Error result_gone(const std::filesystem::path& file);

/// Reads result.json back; nothing when there is none. Throws Error when it is damaged or another
/// search's.
std::optional<SeedResult> read_search(const std::filesystem::path& file, const std::string& label,
                                      std::uint64_t seed, const ResultMetrics& metrics);

/// The same for the result.json of a training; it is refused as well when it belongs to another architecture.
std::string to_result_text(const TrainedArchitecture& trained, const std::string& label);
std::optional<TrainedArchitecture> read_training(const std::filesystem::path& file, const std::string& label,
                                                 std::uint64_t seed, const std::string& architecture);

}  // namespace espalier::host
