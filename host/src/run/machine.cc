#include "run/machine.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include "espalier/files/read_file.h"

namespace espalier::host {

// A stream's getline() would take memory that ran out for the end of the file.
std::string value_in(const char* file, std::string_view key, char separator) {
  if (::access(file, R_OK) != 0) return "unknown";
  const std::string text = read_file(file).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const std::size_t separated = line.find(separator);
    if (!line.starts_with(key) || separated == line.npos) continue;
    const std::string_view value = line.substr(separated + 1);
    const std::size_t first = value.find_first_not_of(" \t\"");
    return std::string(
        first == value.npos ? "" : value.substr(first, value.find_last_not_of(" \t\"") + 1 - first));
  }
  return "unknown";
}

std::map<std::string, std::string> machine_arithmetic() {
  // Those of /proc/cpuinfo on x86 and on ARM. The caches decide into which blocks a BLAS cuts matrices.
  constexpr std::array of_the_cpu = {"vendor_id",       "model name",  "stepping",    "cache size",
                                     "flags",           "Features",    "CPU variant", "CPU part",
                                     "CPU implementer", "CPU revision"};
  constexpr std::array variables = {
      "ATEN_CPU_CAPABILITY", "GLIBC_TUNABLES",          "GOTO_NUM_THREADS", "MKL_CBWR",
      "MKL_NUM_THREADS",     "MKL_ENABLE_INSTRUCTIONS", "OMP_NUM_THREADS",  "OPENBLAS_NUM_THREADS",
      "OPENBLAS_CORETYPE"};
  std::map<std::string, std::string> facts;
  for (const char* const name : of_the_cpu) facts[name] = value_in("/proc/cpuinfo", name, ':');
  for (const char* const name : variables)
    if (const char* const value = std::getenv(name)) facts[fmt::format("${}", name)] = value;
  facts["cores"] = fmt::to_string(std::max(1U, std::thread::hardware_concurrency()));
  utsname names{};
  facts["machine"] = uname(&names) == 0 ? names.machine : "unknown";
  return facts;
}

}  // namespace espalier::host
