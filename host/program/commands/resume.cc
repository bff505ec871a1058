#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/evaluate.h"
#include "commands/run.h"
#include "espalier/host/run/resume.h"
#include "overrides.h"
#include "run_arguments.h"

namespace espalier::program {
namespace {

struct ResumeOptions {
  Folders plugin_path;
  std::filesystem::path directory;
  std::vector<std::string> overrides;
  JobsArgument jobs;
  RunArguments run;
};

void resume(const ResumeOptions& options) {
  set_up_log(options.run);
  host::BegunRun begun = host::begun_run(options.directory);
  apply_overrides(begun.config, options.overrides);
  const host::RunOptions how = run_options(options.run, options.directory, options.jobs);
  if (begun.evaluates) {
    const auto registry = make_registry(begun, options.plugin_path);
    return evaluate_and_print(host::EvaluateConfig::from(begun.config), how, *registry, options.run);
  }
  const host::RunConfig config = host::RunConfig::from(begun.config);
  Folders folders = options.plugin_path;
  folders.insert(folders.end(), config.plugin_path.begin(), config.plugin_path.end());
  if (!config.plugin_pins.empty()) begun.plugin_pins = config.plugin_pins;
  run_and_print(config, how, *make_registry(begun, folders), options.run);
}

}  // namespace

void add_resume(CLI::App& program) {
  auto options = std::make_shared<ResumeOptions>();
  CLI::App* command = program.add_subcommand(
      "resume", "Finish the run of a directory, make it larger, or show what it found");
  command->add_option("DIR", options->directory, "the directory of a run, such as runs/quickstart")
      ->type_name("")
      ->required();
  command
      ->add_option("key.path=value", options->overrides,
                   "make the run larger: more seeds, more optimizers, more trials; what is finished is kept")
      ->type_name("");
  add_run_arguments(*command, options->run);
  add_jobs(*command, options->jobs);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier resume runs/quickstart",
                          "espalier resume runs/quickstart seeds=0..99 trainer.trials=2000"});
  command->callback([options] { resume(*options); });
}

}  // namespace espalier::program
