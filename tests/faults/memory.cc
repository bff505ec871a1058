// A library for LD_PRELOAD that lets one allocation fail: MEMORY_AT, from 1; 0: none, so that they are only
// counted into the file MEMORY_COUNT. With MEMORY_ALL all that follow fail, too.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> allocations = 0;
long at = -1;  ///< before the environment was read
bool all = false;

void* (*real_malloc)(std::size_t) = nullptr;

/// For dlsym() itself.
alignas(16) char first[1 << 16];
std::size_t first_used = 0;

__attribute__((constructor)) void read_environment() {
  const char* const number = std::getenv("MEMORY_AT");
  all = std::getenv("MEMORY_ALL") != nullptr;
  at = number == nullptr ? 0 : std::atol(number);
}

__attribute__((destructor)) void write_count() {
  const char* const path = std::getenv("MEMORY_COUNT");
  if (path == nullptr) return;
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%ld", allocations.load());
  const int file =
      static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
  (void)!::syscall(SYS_write, file, text, static_cast<std::size_t>(length));
}

}  // namespace

extern "C" void* malloc(std::size_t size) {
  static thread_local bool looking = false;
  if (real_malloc == nullptr) {
    if (looking) {
      const std::size_t begin = first_used;
      first_used += (size + 15) / 16 * 16;
      return first_used <= sizeof first ? first + begin : nullptr;
    }
    looking = true;
    real_malloc = reinterpret_cast<void* (*)(std::size_t)>(::dlsym(RTLD_NEXT, "malloc"));
    looking = false;
  }
  if (at < 0) return real_malloc(size);
  const long number = ++allocations;
  if (at > 0 && (number == at || (all && number > at))) {
    errno = ENOMEM;
    return nullptr;
  }
  return real_malloc(size);
}
