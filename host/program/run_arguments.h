#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

/// What the commands that run for long share: where the results go, the log, Ctrl-C.
namespace espalier::program {

struct RunArguments {
  std::filesystem::path out;
  bool overwrite = false;
  std::string log_level = "info";
  bool quiet = false;
};

void add_run_arguments(CLI::App& command, RunArguments& arguments, const std::string& out_help);
/// Throws UsageError for an unknown log level.
void set_up_log(const RunArguments& arguments);
/// The first Ctrl-C asks for a checkpoint; a second one ends the process as if there were no handler.
void stop_on_signals();

}  // namespace espalier::program
