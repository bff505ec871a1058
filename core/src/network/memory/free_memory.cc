#include "memory/free_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "memory/caching_allocator.h"

namespace espalier {
namespace {

constexpr std::int64_t kAnything = std::numeric_limits<std::int64_t>::max();

/// The number that follows the word `behind` in a file; without a word, the first number.
std::optional<std::int64_t> number_in(const std::string& path, const std::string& behind = {}) {
  std::ifstream file(path);
  std::string word;
  while (!behind.empty() && file >> word && word != behind) {
  }
  std::int64_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

std::int64_t of_machine() {
  const auto kibibytes = number_in("/proc/meminfo", "MemAvailable:");
  return kibibytes ? *kibibytes * 1024 : kAnything;
}

std::int64_t of_control_group() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("0::")) {
  }
  if (!line.starts_with("0::")) return kAnything;
  const std::string folder = "/sys/fs/cgroup" + line.substr(3) + "/";
  const auto limit = number_in(folder + "memory.max");  // "max" is no number
  const auto used = number_in(folder + "memory.current");
  return limit && used ? *limit - *used : kAnything;
}

std::int64_t of_address_space() {
  rlimit limit{};
  const auto pages = number_in("/proc/self/statm");
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || !pages) return kAnything;
  return static_cast<std::int64_t>(limit.rlim_cur) - *pages * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

std::int64_t free_memory() {
  const std::int64_t others = std::min({of_machine(), of_control_group(), of_address_space()});
  const auto kept = static_cast<std::int64_t>(caching_allocator_statistics().cached);
  return others == kAnything ? others : std::max<std::int64_t>(0, others) + kept;
}

}  // namespace espalier
