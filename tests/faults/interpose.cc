// A library for LD_PRELOAD that makes system calls on files fail, one at a time. scripts/faults drives it
// through the environment:
//
//   FAULT_CALL   which calls count: open, read, write, fsync, close, rename, unlink, mkdir
//   FAULT_AT     the call at which it happens, from 1; 0: never, so that they are only counted
//   FAULT_KIND   error, errors (this call and all that follow), short, before (a kill), after, torn (half a
//   write
//                and a kill), power (a kill that takes what was not brought to the disk)
//   FAULT_ERRNO  of error and errors
//   FAULT_PATH   only files whose path holds this count
//   FAULT_COUNT  the file to write the number of calls to at the end
//   FAULT_CLOCK  the seconds that every look at the clock takes, so that checkpoints are due
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

std::string text_of(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Plan {
  std::string call = text_of("FAULT_CALL");
  std::string kind = text_of("FAULT_KIND");
  std::string path = text_of("FAULT_PATH");
  std::string count = text_of("FAULT_COUNT");
  long at = std::atol(text_of("FAULT_AT").c_str());
  int error = std::atoi(text_of("FAULT_ERRNO").c_str());
  double clock = std::atof(text_of("FAULT_CLOCK").c_str());
};

const Plan& plan() {
  static const Plan* const the = new Plan;  // outlives everything: calls come at the very end, too
  return *the;
}

std::atomic<long> calls = 0;

__attribute__((destructor)) void write_count() {
  if (plan().count.empty()) return;
  const std::string text = std::to_string(calls);
  const int file = static_cast<int>(
      ::syscall(SYS_openat, AT_FDCWD, plan().count.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
  (void)!::syscall(SYS_write, file, text.data(), text.size());
  ::syscall(SYS_close, file);
}

// What a power failure takes: bytes written since the last fsync of their file, and names made, replaced or
// removed since the last fsync of their folder. Newest first.
struct NameChange {
  std::string path;
  std::string kept;  ///< a link to what had the name before; empty where nothing had
  bool folder = false;
};
struct Unsynced {
  std::mutex mutex;
  std::map<std::string, off_t> sizes;  ///< of files with unsynced bytes, when they were last synced
  std::vector<NameChange> names;
  int kept = 0;
};
Unsynced& unsynced() {
  static auto* const the = new Unsynced;
  return *the;
}
bool power() { return plan().kind == "power"; }

std::string path_of(int descriptor) {
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = ::readlink(link, path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : "";
}
std::string absolute(const char* path) {
  if (path[0] == '/') return path;
  char folder[4096];
  return ::getcwd(folder, sizeof folder) == nullptr ? path : std::string(folder) + "/" + path;
}
std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// Keeps what has a name now, so that it can come back.
void note_name(const std::string& path, bool folder = false) {
  if (!power() || path.find(plan().path) == path.npos) return;
  Unsynced& all = unsynced();
  const std::lock_guard lock(all.mutex);
  const std::string kept =
      folder_of(plan().count) + "/kept_" + std::to_string(::getpid()) + "_" + std::to_string(all.kept++);
  const bool had = ::syscall(SYS_linkat, AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(), 0) == 0;
  all.names.push_back({path, had ? kept : "", folder});
}
void note_write(int descriptor) {
  if (!power()) return;
  const std::string path = path_of(descriptor);
  struct stat status = {};
  if (path.find(plan().path) == path.npos || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return;
  Unsynced& all = unsynced();
  const std::lock_guard lock(all.mutex);
  all.sizes.try_emplace(path, status.st_size);
}
void note_sync(int descriptor) {
  if (!power()) return;
  const std::string path = path_of(descriptor);
  Unsynced& all = unsynced();
  const std::lock_guard lock(all.mutex);
  all.sizes.erase(path);
  std::erase_if(all.names, [&](const NameChange& change) { return folder_of(change.path) == path; });
}
void note_rename(const std::string& from, const std::string& to) {
  if (!power()) return;
  Unsynced& all = unsynced();
  const std::lock_guard lock(all.mutex);
  const auto found = all.sizes.find(from);
  if (found == all.sizes.end()) return;
  all.sizes[to] = found->second;
  all.sizes.erase(from);
}
void lose_unsynced() {
  Unsynced& all = unsynced();
  for (const auto& [path, size] : all.sizes) (void)!::truncate(path.c_str(), size);
  for (auto change = all.names.rbegin(); change != all.names.rend(); ++change) {
    if (change->kept.empty())
      ::syscall(SYS_unlinkat, AT_FDCWD, change->path.c_str(), change->folder ? AT_REMOVEDIR : 0);
    else
      ::syscall(SYS_renameat2, AT_FDCWD, change->kept.c_str(), AT_FDCWD, change->path.c_str(), 0);
  }
}

[[noreturn]] void die() {
  if (power()) lose_unsynced();
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

/// What is to happen at this call of a name, on a path.
enum class Fault { none, error, short_count, after, torn };

Fault fault_at(const char* call, const std::string& path) {
  const Plan& the = plan();
  if (the.call != call || path.find(the.path) == path.npos) return Fault::none;
  const long number = ++calls;
  if (the.kind == "errors" && the.at > 0 && number >= the.at) return Fault::error;
  if (number != the.at) return Fault::none;
  if (the.kind == "before" || the.kind == "power") die();
  if (the.kind == "error") return Fault::error;
  if (the.kind == "short") return Fault::short_count;
  if (the.kind == "after") return Fault::after;
  return the.kind == "torn" ? Fault::torn : Fault::none;
}

int failed() {
  errno = plan().error;
  return -1;
}

int open_with(int folder, const char* path, int flags, mode_t mode) {
  const bool writes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
  const std::string whole = absolute(path);
  const Fault fault = fault_at(writes ? "open" : "open_to_read", whole);
  if (fault == Fault::error) return failed();
  const bool is_new = writes && (flags & O_CREAT) != 0 && ::access(path, F_OK) != 0;
  if (is_new) note_name(whole);
  const int descriptor = static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
  if (fault == Fault::after) die();
  return descriptor;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_with(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_with(AT_FDCWD, path, flags, mode);
}

ssize_t read(int descriptor, void* bytes, std::size_t count) {
  Fault fault = Fault::none;
  if (plan().call == "read") fault = fault_at("read", path_of(descriptor));
  if (fault == Fault::error) return failed();
  if (fault == Fault::short_count && count > 1) count = count / 2;
  return ::syscall(SYS_read, descriptor, bytes, count);
}

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  Fault fault = Fault::none;
  if (plan().call == "write" && descriptor > STDERR_FILENO) fault = fault_at("write", path_of(descriptor));
  if (fault == Fault::error) return failed();
  note_write(descriptor);
  if (fault == Fault::torn || (fault == Fault::short_count && count > 1)) count = count / 2;
  const ssize_t written = ::syscall(SYS_write, descriptor, bytes, count);
  if (fault == Fault::torn || fault == Fault::after) die();
  return written;
}

int fsync(int descriptor) {
  Fault fault = Fault::none;
  if (plan().call == "fsync") fault = fault_at("fsync", path_of(descriptor));
  if (fault == Fault::error) return failed();
  note_sync(descriptor);  // the disk itself is spared: nothing here loses power
  if (fault == Fault::after) die();
  return 0;
}

int close(int descriptor) {
  Fault fault = Fault::none;
  if (plan().call == "close" && descriptor > STDERR_FILENO) fault = fault_at("close", path_of(descriptor));
  const int result = static_cast<int>(::syscall(SYS_close, descriptor));
  if (fault == Fault::error) return failed();
  if (fault == Fault::after) die();
  return result;
}

int rename(const char* from, const char* to) {
  const std::string whole = absolute(to);
  const Fault fault = fault_at("rename", whole);
  if (fault == Fault::error) return failed();
  note_name(whole);
  note_rename(absolute(from), whole);
  const int result = static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
  if (fault == Fault::after) die();
  return result;
}

int unlink(const char* path) {
  const std::string whole = absolute(path);
  const Fault fault = fault_at("unlink", whole);
  if (fault == Fault::error) return failed();
  note_name(whole);
  const int result = static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
  if (fault == Fault::after) die();
  return result;
}

int mkdir(const char* path, mode_t mode) {
  const std::string whole = absolute(path);
  const Fault fault = fault_at("mkdir", whole);
  if (fault == Fault::error) return failed();
  const int result = static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
  if (result == 0) note_name(whole, /*folder=*/true);
  if (fault == Fault::after) die();
  return result;
}

int clock_gettime(clockid_t clock, timespec* time) {
  const int result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  static std::atomic<double> added = 0.0;
  if (plan().clock > 0.0 && clock == CLOCK_MONOTONIC) {
    added = added + plan().clock;
    time->tv_sec += static_cast<time_t>(added.load());
  }
  return result;
}

}  // extern "C"
