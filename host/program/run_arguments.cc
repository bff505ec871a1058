#include "run_arguments.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "cli.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/run/run.h"

namespace espalier::program {
namespace {

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> levels = {"trace", "debug", "info", "warn", "error", "off"};
  return levels;
}

}  // namespace

void add_run_arguments(CLI::App& command, RunArguments& arguments, const std::string& out_help) {
  command.add_option("-o,--out", arguments.out, out_help)->type_name("DIR");
  command.add_flag("--overwrite", arguments.overwrite,
                   "discard what the directory holds from another run or a finished one");
  command.add_option("--log-level", arguments.log_level, "trace, debug, info (default), warn, error or off")
      ->type_name("L");
  command.add_flag("--quiet", arguments.quiet, "show no progress, only warnings and errors");
}

void set_up_log(const RunArguments& arguments) {
  const std::vector<std::string>& levels = log_levels();
  if (std::find(levels.begin(), levels.end(), arguments.log_level) == levels.end()) {
    throw UsageError({.what = fmt::format("no log level is named \"{}\"", arguments.log_level),
                      .where = "--log-level",
                      .expected = fmt::format("one of {}", join_names(levels)),
                      .nearest = nearest(arguments.log_level, levels)});
  }
  auto log = spdlog::stderr_color_mt("espalier");
  log->set_pattern("%H:%M:%S %^%l%$ %v");
  log->set_level(spdlog::level::from_str(arguments.log_level));
  if (arguments.quiet && log->level() < spdlog::level::warn) log->set_level(spdlog::level::warn);
  spdlog::set_default_logger(std::move(log));
}

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { host::request_stop(); };
  action.sa_flags = SA_RESETHAND;  // NOLINT(bugprone-narrowing-conversions): the system's own constant
  (void)::sigaction(SIGINT, &action, nullptr);
  (void)::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace espalier::program
