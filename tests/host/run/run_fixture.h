#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/run.h"

namespace espalier::host::testing {

namespace fs = std::filesystem;

inline std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_text(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// A few short searches of all optimizers on the real table.
inline std::string config_text(const std::string& seeds = "0..3", int trials = 60) {
  return "search_space: nasbench201\n"
         "optimizer: [random_search, local_search, {name: regularized_evolution, population_size: 10, "
         "sample_size: 3}]\n"
         "benchmark: {name: nasbench201, dataset: cifar10}\n"
         "trainer: {name: discrete, trials: " +
         std::to_string(trials) + "}\nseeds: " + seeds + "\n";
}

inline RunConfig config_of(const std::string& text) { return RunConfig::from(parse_yaml(text, "test.yaml")); }

/// Writes a checkpoint at every event: a search is slow enough to be stopped in its middle, however fast the
/// machine.
inline Summary run_quietly(const std::string& config, const fs::path& directory, std::size_t jobs = 1,
                           bool overwrite = false) {
  PluginRegistry registry(PluginRegistry::search_path());
  return run(config_of(config),
             {.directory = directory,
              .overwrite = overwrite,
              .jobs = jobs,
              .quiet = true,
              .checkpoint_interval = std::chrono::seconds(0)},
             registry);
}

/// Every file of a run by its path, less the lock and the measured times.
inline std::map<std::string, std::string> files_of(const fs::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const bool same_in_every_run =
        entry.path().filename() != "run.lock" && entry.path().filename() != "timing.csv";
    std::error_code loops;  // a link to itself
    if (entry.is_regular_file(loops) && same_in_every_run) {
      files[fs::relative(entry.path(), directory).string()] = read_text(entry.path());
    }
  }
  return files;
}

/// The names of the files that differ, or that only one of them has: shorter to read than the files.
inline std::vector<std::string> differing(const std::map<std::string, std::string>& a,
                                          const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, text] : a)
    if (const auto other = b.find(name); other == b.end() || other->second != text) names.push_back(name);
  for (const auto& [name, text] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

/// A child process that runs `body`; its exit status is what `body` returns.
class Child {
 public:
  explicit Child(const std::function<int()>& body) : pid_(::fork()) {
    if (pid_ != 0) return;
    int code = 99;
    try {
      code = body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    ::_exit(code);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!waited_) wait();
  }

  void signal(int number) const { ::kill(pid_, number); }
  bool running() {
    if (!waited_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) waited_ = true;
    return !waited_;
  }
  /// The exit status, or minus the signal that ended it.
  int wait() {
    if (!waited_) ::waitpid(pid_, &status_, 0);
    waited_ = true;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }

 private:
  pid_t pid_;
  int status_ = 0;
  bool waited_ = false;
};

/// In a user namespace a tmpfs can be mounted without being root; not every machine allows it.
inline bool mount_small_disk(const fs::path& where, const std::string& options = "size=300k") {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  write_text("/proc/self/uid_map", user + " " + user + " 1");
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/gid_map", group + " " + group + " 1");
  return ::mount("none", where.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

/// A directory of its own for each test, gone afterwards.
class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    std::string name = (fs::temp_directory_path() / "espalier-run-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~RunTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  fs::path root_;
};

template <class Exception>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Exception& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing of this type was thrown";
  return {};
}

}  // namespace espalier::host::testing
