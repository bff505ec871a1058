#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands.h"
#include "espalier/errors.h"
#include "espalier/host/run.h"
#include "espalier/host/yaml.h"
#include "espalier/nearest.h"
#include "output.h"

namespace espalier::program {
namespace {

constexpr std::int64_t kMaxJobs = 4096;

struct Options {
  Folders plugin_path;
  std::filesystem::path config;
  std::vector<std::string> overrides;
  std::filesystem::path out;
  bool overwrite = false;
  std::int64_t jobs = 0;
  std::string log_level = "info";
  bool quiet = false;
};

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> levels = {"trace", "debug", "info", "warn", "error", "off"};
  return levels;
}

void set_up_log(const Options& options) {
  const std::vector<std::string>& levels = log_levels();
  if (std::find(levels.begin(), levels.end(), options.log_level) == levels.end()) {
    throw UsageError({.what = fmt::format("no log level is named \"{}\"", options.log_level),
                      .where = "--log-level",
                      .expected = fmt::format("one of {}", join_names(levels)),
                      .nearest = nearest(options.log_level, levels)});
  }
  auto log = spdlog::stderr_color_mt("espalier");
  log->set_pattern("%H:%M:%S %^%l%$ %v");
  log->set_level(spdlog::level::from_str(options.log_level));
  if (options.quiet && log->level() < spdlog::level::warn) log->set_level(spdlog::level::warn);
  spdlog::set_default_logger(std::move(log));
}

/// The first Ctrl-C asks for a checkpoint; a second one ends the process as if there were no handler.
void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { host::request_stop(); };
  action.sa_flags = SA_RESETHAND;  // NOLINT(bugprone-narrowing-conversions): the system's own constant
  (void)::sigaction(SIGINT, &action, nullptr);
  (void)::sigaction(SIGTERM, &action, nullptr);
}

void run(const Options& options) {
  set_up_log(options);
  ConfigValue config = host::load_yaml(options.config);
  if (config.where.file.empty()) config.where.file = options.config.string();  // an empty file has no place
  for (const std::string& assignment : options.overrides) host::apply_override(config, assignment);
  const host::RunConfig run_config = host::RunConfig::from(config);

  Folders folders = options.plugin_path;
  folders.insert(folders.end(), run_config.plugin_path.begin(), run_config.plugin_path.end());
  host::PluginRegistry registry = make_registry(folders);

  const auto directory =
      options.out.empty() ? std::filesystem::path("runs") / options.config.stem() : options.out;
  stop_on_signals();
  const host::Summary summary = host::run(run_config,
                                          {.directory = directory,
                                           .overwrite = options.overwrite,
                                           .jobs = static_cast<std::size_t>(options.jobs),
                                           .quiet = options.quiet},
                                          registry);
  print(fmt::format("{}\nrun directory: {}\n", host::render(summary), directory.string()));
}

}  // namespace

void add_run(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("run", "Run the searches of a config, or finish a run that was stopped");
  command->add_option("CONFIG", options->config, "a YAML file")->type_name("")->required();
  command
      ->add_option("key.path=value", options->overrides, "replaces what the config says; the value is YAML")
      ->type_name("");
  command->add_option("--out", options->out, "the run directory (default runs/NAME for NAME.yaml)")
      ->type_name("DIR");
  command->add_flag("--overwrite", options->overwrite,
                    "discard what the directory holds of another or a finished run");
  command
      ->add_option("--jobs", options->jobs,
                   "searches at once (default: as many as keep all cores busy); results do not depend on it")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, kMaxJobs));
  add_plugin_path(*command, options->plugin_path);
  command->add_option("--log-level", options->log_level, "trace, debug, info (default), warn, error or off")
      ->type_name("L");
  command->add_flag("--quiet", options->quiet, "no progress, only warnings and errors");
  set_examples(
      *command,
      {"espalier run configs/quickstart.yaml",
       "espalier run configs/quickstart.yaml seeds=0..9 benchmark.dataset=cifar100 --out runs/c100"});
  command->callback([options] { run(*options); });
}

}  // namespace espalier::program
