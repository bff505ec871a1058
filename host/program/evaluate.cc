#include "espalier/host/evaluate.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands.h"
#include "espalier/host/yaml.h"
#include "output.h"
#include "run_arguments.h"
#include "text.h"

namespace espalier::program {
namespace {

struct Options {
  Folders plugin_path;
  std::string architecture;
  std::vector<std::string> assignments;
  std::string space;
  std::string dataset;
  std::uint64_t seed = 0;
  RunArguments run;
};

host::Component trainer_of(const std::vector<std::string>& assignments) {
  ConfigValue value;
  value.kind = ConfigValue::Kind::map;
  value.set("name", ConfigValue::of("from_scratch"));
  for (const std::string& assignment : assignments) host::apply_override(value, assignment);
  return host::Component::from(value, "evaluate");
}

void evaluate(const Options& options) {
  set_up_log(options.run);
  const host::EvaluateConfig config{.search_space = parse_component(options.space, "--space"),
                                    .architecture = options.architecture,
                                    .dataset = parse_component(options.dataset, "--dataset"),
                                    .trainer = trainer_of(options.assignments),
                                    .seed = options.seed};
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto directory = options.run.out.empty() ? std::filesystem::path("runs/evaluate") : options.run.out;
  stop_on_signals();
  const host::TrainedArchitecture trained = host::evaluate(
      config, {.directory = directory, .overwrite = options.run.overwrite, .quiet = options.run.quiet},
      registry);
  print(fmt::format(
      "{} · {}\n{}\n\n"
      "parameters     {}\n"
      "test accuracy  {:.2f} %\n"
      "test loss      {:.4f}\n\n"
      "weights: {}\n",
      config.search_space.name, config.dataset.name, trained.architecture, grouped(trained.result.parameters),
      trained.result.test, trained.result.test_loss, (directory / "evaluation" / "network.pt").string()));
}

}  // namespace

void add_evaluate(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "evaluate", "Train the network of an architecture from scratch, test it and keep its weights");
  command->add_option("ARCHITECTURE", options->architecture, "a canonical string, as `sample` prints it")
      ->type_name("")
      ->required();
  command
      ->add_option("option=value", options->assignments,
                   "of the training, e.g. epochs=100; `espalier describe trainer from_scratch` lists all")
      ->type_name("");
  command->add_option("--space", options->space, "its search space: NAME, or \"{name: NAME, option: value}\"")
      ->type_name("S")
      ->required();
  command
      ->add_option("--dataset", options->dataset, "what to train on: NAME, or \"{name: …, option: value}\"")
      ->type_name("D")
      ->required();
  command->add_option("--seed", options->seed, "of weights and batches (default 0)")->type_name("N");
  add_run_arguments(*command, options->run, "the directory of the results (default runs/evaluate)");
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier evaluate \"$(espalier sample nasbench201)\" epochs=100 --space nasbench201 "
                "--dataset cifar10"});
  command->callback([options] { evaluate(*options); });
}

}  // namespace espalier::program
