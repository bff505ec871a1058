#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands.h"
#include "espalier/host/run.h"
#include "espalier/host/yaml.h"
#include "output.h"
#include "run_arguments.h"

namespace espalier::program {
namespace {

constexpr std::int64_t kMaxJobs = 4096;

struct Options {
  Folders plugin_path;
  std::filesystem::path config;
  std::vector<std::string> overrides;
  std::int64_t jobs = 0;
  RunArguments run;
};

void run(const Options& options) {
  set_up_log(options.run);
  ConfigValue config = host::load_yaml(options.config);
  if (config.where.file.empty()) config.where.file = options.config.string();  // an empty file has no place
  for (const std::string& assignment : options.overrides) host::apply_override(config, assignment);
  const host::RunConfig run_config = host::RunConfig::from(config);

  Folders folders = options.plugin_path;
  folders.insert(folders.end(), run_config.plugin_path.begin(), run_config.plugin_path.end());
  host::PluginRegistry registry = make_registry(folders);

  const auto directory =
      options.run.out.empty() ? std::filesystem::path("runs") / options.config.stem() : options.run.out;
  stop_on_signals();
  const host::Summary summary = host::run(run_config,
                                          {.directory = directory,
                                           .overwrite = options.run.overwrite,
                                           .jobs = static_cast<std::size_t>(options.jobs),
                                           .quiet = options.run.quiet},
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
  add_run_arguments(*command, options->run, "the run directory (default runs/NAME for NAME.yaml)");
  command
      ->add_option("--jobs", options->jobs,
                   "searches at once (default: as many as keep all cores busy); results do not depend on it")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, kMaxJobs));
  add_plugin_path(*command, options->plugin_path);
  set_examples(
      *command,
      {"espalier run configs/quickstart.yaml",
       "espalier run configs/quickstart.yaml seeds=0..9 benchmark.dataset=cifar100 --out runs/c100"});
  command->callback([options] { run(*options); });
}

}  // namespace espalier::program
