#include "child/run_child.h"

#include <boost/process.hpp>
#include <system_error>
#include <thread>

#include "child/program.h"

namespace espalier::child {

namespace process = boost::process;

std::optional<Ended> run_child(const std::string& program, const std::vector<std::string>& arguments,
                               const std::filesystem::path& folder,
                               std::chrono::steady_clock::time_point deadline) {
  using namespace std::chrono_literals;
  const boost::filesystem::path path = program_file(program);
  if (path.empty()) return std::nullopt;
  const std::filesystem::path complaints = new_complaints(folder);
  std::error_code failed;
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
