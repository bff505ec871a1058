#include "child/program.h"

#include <boost/filesystem.hpp>
#include <boost/process/search_path.hpp>
#include <fstream>
#include <system_error>

namespace espalier::child {

namespace process = boost::process;

boost::filesystem::path program_file(const std::string& program) {
  const bool is_path = program.find('/') != std::string::npos;
  const boost::filesystem::path path =
      is_path ? boost::filesystem::absolute(program) : process::search_path(program);
  boost::system::error_code unknown;
  return !path.empty() && boost::filesystem::exists(path, unknown) ? path : boost::filesystem::path();
}

process::environment quiet_environment() {
  process::environment environment = boost::this_process::environment();
  environment.erase("NODE_OPTIONS");
  // Not by operator[], which in Boost 1.74 reads beyond the end of short entries.
  environment.set("SOURCE_DATE_EPOCH", "0");
  return environment;
}

std::filesystem::path new_complaints(const std::filesystem::path& folder) {
  std::filesystem::path file = folder / "complaints";
  std::error_code failed;
  // An older file would be overwritten only as far as the new one goes.
  std::filesystem::remove(file, failed);
  return file;
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string last_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace espalier::child
