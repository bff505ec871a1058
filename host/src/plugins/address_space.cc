#include "plugins/address_space.h"

#include <fmt/format.h>
#include <link.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string_view>
#include <thread>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

/// Measured: the libraries take 700 MiB, and each thread a stack, a heap and a buffer of OpenBLAS.
std::uint64_t needed_for_libtorch() {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  return 768 * mebibyte + 160 * mebibyte * std::thread::hardware_concurrency();
}

bool has_libtorch() {
  const auto is_libtorch = [](dl_phdr_info* library, std::size_t, void*) {
    return std::string_view(library->dlpi_name).find("/libtorch") == std::string_view::npos ? 0 : 1;
  };
  return ::dl_iterate_phdr(is_libtorch, nullptr) != 0;
}

std::uint64_t address_space_in_use() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void check_address_space(const PluginFile& file) {
  if (file.abi.find("-torch") == file.abi.npos || has_libtorch()) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  const std::uint64_t needed = address_space_in_use() + needed_for_libtorch();
  if (limit.rlim_cur >= needed) return;
  constexpr std::uint64_t kibibyte = 1024;
  throw Error({.what = fmt::format("{} '{}' does not load: it computes with LibTorch, for which the limit on "
                                   "address space is too low",
                                   file.kind, file.name),
               .where = file.file.string(),
               .expected = fmt::format("{} KiB or more on this machine, and the limit is {}",
                                       needed / kibibyte, limit.rlim_cur / kibibyte),
               .remedy = fmt::format("raise it: ulimit -v {}", needed / kibibyte)});
}

}  // namespace espalier::host
