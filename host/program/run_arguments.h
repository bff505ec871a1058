#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/host/run/run.h"

/// What the commands that run for long share: where the results go, the log, Ctrl-C.
namespace espalier::program {

struct RunArguments {
  std::filesystem::path out;
  bool overwrite = false;
  std::string log_level = "info";
  bool quiet = false;
  bool json = false;
  bool report = false;  ///< write the report of the run when it has ended
  std::vector<std::string> accept;
};

/// The option --jobs of the commands that search. 0 means as many as keep all cores busy.
struct JobsArgument {
  std::int64_t count = 0;
};

void add_run_arguments(CLI::App& command, RunArguments& arguments);
/// --out, for the commands that begin something.
void add_out(CLI::App& command, RunArguments& arguments, const std::string& help);
void add_jobs(CLI::App& command, JobsArgument& jobs);
host::RunOptions run_options(const RunArguments& arguments, const std::filesystem::path& directory,
                             const JobsArgument& jobs = {});
/// Throws UsageError for an unknown log level.
void set_up_log(const RunArguments& arguments);
/// The first Ctrl-C asks for a checkpoint; a second one ends the process as if there were no handler. SIGTERM
/// and SIGHUP do the same.
void stop_on_signals();

}  // namespace espalier::program
