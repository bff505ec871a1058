#include "child/run_child.h"

#include <boost/filesystem.hpp>
#include <boost/process.hpp>
#include <fstream>
#include <system_error>
#include <thread>

namespace espalier::child {
namespace {

namespace process = boost::process;

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// Python names the error in the last line, after the calls that led to it.
std::string last_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) last = line;
  return last;
}

/// Without options that would change what Node does; PDF files without the time at which they were made.
process::environment quiet_environment() {
  process::environment environment = boost::this_process::environment();
  environment.erase("NODE_OPTIONS");
  // Not by operator[], which in Boost 1.74 reads beyond the end of short entries.
  environment.set("SOURCE_DATE_EPOCH", "0");
  return environment;
}

}  // namespace

std::optional<Ended> run_child(const std::string& program, const std::vector<std::string>& arguments,
                               const std::filesystem::path& folder,
                               std::chrono::steady_clock::time_point deadline) {
  using namespace std::chrono_literals;
  const bool is_path = program.find('/') != std::string::npos;
  const boost::filesystem::path path =
      is_path ? boost::filesystem::absolute(program) : process::search_path(program);
  boost::system::error_code unknown;
  if (path.empty() || !boost::filesystem::exists(path, unknown)) return std::nullopt;
  const std::filesystem::path complaints = folder / "complaints";
  std::error_code failed;
  // An older file would be overwritten only as far as the new one goes.
  std::filesystem::remove(complaints, failed);
  process::group group;
  process::child child(
      path, process::args(arguments), quiet_environment(), group, failed, process::start_dir(folder.string()),
      process::std_in<process::null, process::std_out> process::null, process::std_err > complaints.string());
  if (failed) return std::nullopt;
  // Not wait_for(): it takes signals away from the other threads.
  while (child.running(failed)) {
    if (std::chrono::steady_clock::now() > deadline) {
      group.terminate(failed);
      child.wait(failed);
      return Ended{.in_time = false};
    }
    std::this_thread::sleep_for(5ms);
  }
  return Ended{.exit_code = child.exit_code(),
               .complaint = first_line(complaints),
               .last_complaint = last_line(complaints)};
}

}  // namespace espalier::child
