#include "run_arguments.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/report/terminal_width.h"
#include "espalier/host/run/run.h"

namespace espalier::program {
namespace {

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> levels = {"trace", "debug", "info", "warn", "error", "off"};
  return levels;
}

}  // namespace

void add_out(CLI::App& command, RunArguments& arguments, const std::string& help) {
  command.add_option("-o,--out", arguments.out, help)->type_name("DIR");
}

void add_jobs(CLI::App& command, JobsArgument& jobs) {
  constexpr std::int64_t most = 4096;
  command
      .add_option(
          "--jobs", jobs.count,
          "how many searches run at once, 1 to 4096 (default: as many as keep all cores busy); results "
          "do not depend on it")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, most));
}

void add_run_arguments(CLI::App& command, RunArguments& arguments) {
  command.add_flag("--overwrite", arguments.overwrite,
                   "discard what the directory holds from another run or a finished one");
  command
      .add_option(
          "--log-level", arguments.log_level,
          "how much the log says: off, error, warn, info (default), debug (also what is loaded, begun, "
          "kept and ended) or trace (also each trial and epoch)")
      ->type_name("L");
  command
      .add_option(
          "--accept", arguments.accept,
          "go on with a plugin that was rebuilt since the run began, e.g. optimizer/gdas; the summary "
          "names both builds; may be repeated")
      ->type_name("KIND/NAME")
      ->allow_extra_args(false);
  command.add_flag("--quiet", arguments.quiet, "show no progress, only warnings and errors");
  command.add_flag("--report", arguments.report,
                   "write a page with figures and tables at the end, as `espalier report` does");
  add_json(command, arguments.json);
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
  // On a terminal a line of the log takes the place of the bar of progress, which is drawn again below it.
  const std::string clear_bar = host::can_move_cursor(STDERR_FILENO) ? host::kClearLine : "";
  log->set_pattern(clear_bar + "%H:%M:%S %^%l%$ %v");
  log->set_level(spdlog::level::from_str(arguments.log_level));
  if (arguments.quiet && log->level() < spdlog::level::warn) log->set_level(spdlog::level::warn);
  spdlog::set_default_logger(std::move(log));
}

host::RunOptions run_options(const RunArguments& arguments, const std::filesystem::path& directory,
                             const JobsArgument& jobs) {
  return {.directory = directory,
          .overwrite = arguments.overwrite,
          .jobs = static_cast<std::size_t>(jobs.count),
          .quiet = arguments.quiet,
          .accept = arguments.accept};
}

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { host::request_stop(); };
  action.sa_flags = SA_RESETHAND;  // NOLINT(bugprone-narrowing-conversions): the system's own constant
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    (void)::sigaction(signal, nullptr, &before);
    const bool ignored = signal == SIGHUP && before.sa_handler == SIG_IGN;  // nohup
    if (!ignored) (void)::sigaction(signal, &action, nullptr);
  }
  // A file beyond the limit (ulimit -f) is then an error of write(), which says so.
  (void)::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace espalier::program
