#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "espalier/host/plugins/plugin_registry.h"

// Finding plugins: within a program, and as the whole process that a user starts.
namespace espalier {
namespace {

void list_plugins(benchmark::State& state) {
  const auto folders = host::PluginRegistry::search_path();
  for (auto _ : state) benchmark::DoNotOptimize(host::PluginRegistry(folders).list());
}
BENCHMARK(list_plugins)->Unit(benchmark::kMillisecond);

/// `espalier plugins`, its output dropped; false when it could not be run or failed.
bool run_plugins_command() {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = ESPALIER_PROGRAM;
  std::string command = "plugins";
  char* const arguments[] = {program.data(), command.data(), nullptr};
  pid_t child = 0;
  const bool started = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return started && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void plugins_command(benchmark::State& state) {
  for (auto _ : state) {
    if (!run_plugins_command()) {
      state.SkipWithError("espalier plugins failed");
      break;
    }
  }
}
BENCHMARK(plugins_command)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace espalier
