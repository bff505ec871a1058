#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier::child {

/// How a program ended.
struct Ended {
  bool in_time = true;
  int exit_code = 0;
  std::string complaint = {};       ///< the first line of what it said on standard error
  std::string last_complaint = {};  ///< the last line that is not empty
};

/// Runs a program, given by its path or found in the search path, in a folder, without a shell, without
/// input, and ends it with its children at the deadline. Nothing where there is no such program or it cannot
/// be started.
std::optional<Ended> run_child(const std::string& program, const std::vector<std::string>& arguments,
                               const std::filesystem::path& folder,
                               std::chrono::steady_clock::time_point deadline);

}  // namespace espalier::child
