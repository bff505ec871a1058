#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "paths.h"

namespace espalier::testing {

namespace fs = std::filesystem;

struct ProgramResult {
  int exit_code = 0;  ///< negative: the signal that ended it
  std::string out;
  std::string err;
};

using Environment = std::map<std::string, std::string>;

inline std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A test that runs programs in a folder of its own.
class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "espalier_program_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string program() { return std::string(paths::build) + "/bin/espalier"; }

  /// Runs `command` in folder_, its output caught unless `out` names where it goes.
  ProgramResult run(const std::vector<std::string>& command, const Environment& environment = {},
                    const std::string& out = {}) const {
    const fs::path out_file = out.empty() ? folder_ / "stdout.txt" : fs::path(out);
    const fs::path err_file = folder_ / "stderr.txt";
    const pid_t child = ::fork();
    if (child == 0) execute(command, environment, out_file, err_file);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            .out = out.empty() ? text_of(out_file) : "",
            .err = text_of(err_file)};
  }
  ProgramResult espalier(std::vector<std::string> arguments, const Environment& environment = {},
                         const std::string& out = {}) const {
    arguments.insert(arguments.begin(), program());
    return run(arguments, environment, out);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  fs::path folder_;

 private:
  [[noreturn]] void execute(const std::vector<std::string>& command, const Environment& environment,
                            const fs::path& out, const fs::path& err) const {
    constexpr int readable = 0644;
    ::unsetenv("ESPALIER_PLUGIN_PATH");
    ::unsetenv("ESPALIER_DATA_PATH");
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, readable), STDOUT_FILENO);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, readable), STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& argument : command)
      arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
};

}  // namespace espalier::testing
