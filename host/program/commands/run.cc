#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/evaluate.h"
#include "commands/report.h"
#include "commands/run.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/host/run/resume.h"
#include "espalier/host/run/run.h"
#include "next_commands.h"
#include "overrides.h"
#include "run_arguments.h"
#include "text/output.h"

namespace espalier::program {
namespace {

struct RunOptions {
  Folders plugin_path;
  std::filesystem::path config;
  std::vector<std::string> overrides;
  JobsArgument jobs;
  bool smoke = false;
  RunArguments run;
};

std::filesystem::path default_directory(const RunOptions& options) {
  return std::filesystem::path("runs") / (options.config.stem().string() + (options.smoke ? "-smoke" : ""));
}

std::string resume_command(const std::filesystem::path& directory,
                           const std::vector<std::string>& overrides) {
  std::string command = "espalier resume " + host::shell_quoted(directory.string());
  for (const std::string& assignment : overrides) command += " " + host::shell_quoted(assignment);
  return command;
}

/// Who names the directory of a run wants to go on with it, and so does who names the config in it, unless
/// the results are to go elsewhere.
void refuse_directory(const RunOptions& options) {
  const bool inside = options.config.filename() == "config.yaml" && options.run.out.empty();
  std::filesystem::path directory = inside ? options.config.parent_path() : options.config;
  if (directory.empty()) directory = ".";
  if (!host::holds_run(directory)) return;
  throw UsageError(
      {.what = inside ? "this is the config of a run that was begun"
                      : "this is the directory of a run, not a config",
       .where = options.config.string(),
       .expected = inside ? "a config of your own, or --out DIR for a run that begins anew" : "a YAML file",
       .remedy = fmt::format("to finish the run, make it larger or show it: {}",
                             resume_command(directory, options.overrides))});
}

void run(const RunOptions& options) {
  set_up_log(options.run);
  refuse_directory(options);
  ConfigValue config = host::load_yaml(options.config);
  if (config.where.file.empty()) config.where.file = options.config.string();  // an empty file has no place
  if (options.smoke) host::RunConfig::make_small(config);
  apply_overrides(config, options.overrides);

  const auto directory = options.run.out.empty() ? default_directory(options) : options.run.out;
  const host::RunOptions how = run_options(options.run, directory, options.jobs);
  Folders folders = options.plugin_path;
  const auto in_config = host::RunConfig::plugin_path_of(config);
  folders.insert(folders.end(), in_config.begin(), in_config.end());
  if (host::EvaluateConfig::is_form_of(config)) {
    host::PluginRegistry registry = make_registry(folders);
    return evaluate_and_print(host::EvaluateConfig::from(config), how, registry, options.run);
  }
  const host::RunConfig run_config = host::RunConfig::from(config);
  host::PluginRegistry registry(host::PluginRegistry::search_path(folders), run_config.plugin_pins);
  run_and_print(run_config, how, registry, options.run);
}

}  // namespace

void run_and_print(const host::RunConfig& config, const host::RunOptions& options,
                   host::PluginRegistry& registry, const RunArguments& arguments) {
  stop_on_signals();
  const host::Summary summary = host::run(config, options, registry);
  const std::string report = arguments.report ? write_report_of({options.directory}, {}, {}) : "";
  if (arguments.json) return print(host::to_json_text(summary));
  print(fmt::format("{}\nrun directory: {}\n{}", host::render(summary, output_width()),
                    options.directory.string(), next_commands(config, summary, options.directory, registry)));
  if (!report.empty()) print("\n" + report);
}

void add_run(CLI::App& program) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      program.add_subcommand("run", "Run the searches of a config, or finish a run that was stopped");
  command->add_option("CONFIG", options->config, "a YAML file")->type_name("")->required();
  command
      ->add_option("key.path=value", options->overrides, "replace a value of the config; the value is YAML")
      ->type_name("");
  add_out(*command, options->run, "the run directory (default runs/NAME for NAME.yaml)");
  add_run_arguments(*command, options->run);
  add_jobs(*command, options->jobs);
  command->add_flag("--smoke", options->smoke,
                    "run a small version, to see that everything works before it runs for long: the "
                    "overrides that the config "
                    "lists under smoke:, e.g. smoke: [trainer.epochs=1, seeds=0], in runs/NAME-smoke");
  add_plugin_path(*command, options->plugin_path);
  set_examples(
      *command,
      {"espalier run configs/quickstart.yaml",
       "espalier run configs/quickstart.yaml seeds=0..9 benchmark.dataset=cifar100 --out runs/c100"});
  command->callback([options] { run(*options); });
}

}  // namespace espalier::program
