#include "espalier/host/run/evaluate.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/evaluate.h"
#include "commands/report.h"
#include "espalier/errors/errors.h"
#include "next_commands.h"
#include "overrides.h"
#include "refuse_path.h"
#include "run_arguments.h"
#include "text/class_accuracy.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

struct EvaluateOptions {
  Folders plugin_path;
  std::string architecture;
  std::vector<std::string> assignments;
  std::string space;
  std::string dataset;
  std::optional<std::uint64_t> seed;
  RunArguments run;
};

host::EvaluateSection section_of(const EvaluateOptions& options) {
  ConfigValue value = ConfigValue::map();
  apply_overrides(value, options.assignments);
  host::EvaluateSection section = host::EvaluateSection::from(value);
  if (options.seed && !section.seeds.empty())
    throw UsageError({.what = "both --seed and seeds= are given",
                      .where = "command line",
                      .expected = "one of them",
                      .remedy = "write seeds=0..2 to train with several"});
  return section;
}

std::filesystem::path weights_of(const host::TrainedArchitecture& training,
                                 const host::EvaluateConfig& config, const std::filesystem::path& folder) {
  const bool alone = config.evaluate.seeds.empty();
  return (alone ? folder : folder / fmt::format("seed_{}", training.seed)) / "network.safetensors";
}

std::string text_of(const host::TrainedArchitecture& trained, const std::filesystem::path& weights) {
  return fmt::format(
      "parameters     {}\n"
      "test accuracy  {}\n"
      "{}"
      "test loss      {:.4f}\n\n"
      "weights: {}\n",
      grouped(trained.result.parameters), host::test_text(trained.result), class_accuracy(trained),
      trained.result.test_loss, weights.string());
}

std::string text_of(const host::EvaluateConfig& config,
                    const std::vector<host::TrainedArchitecture>& trainings,
                    const std::filesystem::path& folder) {
  const host::TrainedArchitecture& first = trainings.front();
  if (config.evaluate.seeds.empty()) return text_of(first, weights_of(first, config, folder));
  std::vector<double> tests;
  Table table({{"SEED", Table::Align::right}, {"TEST ACCURACY"}, {"TEST LOSS"}, {"WEIGHTS"}});
  for (const host::TrainedArchitecture& training : trainings) {
    tests.push_back(training.result.test);
    table.add({fmt::to_string(training.seed), host::test_text(training.result),
               fmt::format("{:.4f}", training.result.test_loss),
               weights_of(training, config, folder).string()});
  }
  const host::Statistics test = host::statistics(tests);
  const std::string deviation =
      test.standard_deviation ? fmt::format(" ± {:.2f}", *test.standard_deviation) : "";
  return fmt::format(
      "parameters     {}\n"
      "trainings      {}\n"
      "test accuracy  {:.2f}{} %\n\n"
      "{}",
      grouped(first.result.parameters), test.count(), test.mean, deviation, table.render());
}

nlohmann::ordered_json classes_of(const host::TrainedArchitecture& training) {
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  for (std::size_t label = 0; label < training.result.classes.size(); ++label) {
    const ClassResult& found = training.result.classes[label];
    const auto accuracy = found.accuracy();
    classes.push_back({{"name", training.class_names.at(label)},
                       {"images", found.images},
                       {"correct", found.correct},
                       {"accuracy", accuracy ? nlohmann::ordered_json(*accuracy) : nullptr},
                       {"predicted", found.predicted}});
  }
  return classes;
}

/// The names are those of result.json.
nlohmann::ordered_json json_of(const host::EvaluateConfig& config,
                               const std::vector<host::TrainedArchitecture>& trainings,
                               const std::filesystem::path& folder) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const host::TrainedArchitecture& training : trainings) {
    const auto& validation = training.result.validation;
    list.push_back({{"seed", training.seed},
                    {"test", training.result.test},
                    {"test_images", training.result.test_images},
                    {"test_loss", training.result.test_loss},
                    {"validation", validation ? nlohmann::ordered_json(*validation) : nullptr},
                    {"classes", classes_of(training)},
                    {"weights", weights_of(training, config, folder).string()}});
  }
  return {{"search_space", config.search_space.name},
          {"dataset", config.dataset.name},
          {"architecture", trainings.front().architecture},
          {"parameters", trainings.front().result.parameters},
          {"trainings", std::move(list)}};
}

void evaluate(const EvaluateOptions& options) {
  set_up_log(options.run);
  refuse_path(options.architecture, "ARCHITECTURE");
  host::PluginRegistry registry = make_registry(options.plugin_path);
  host::EvaluateConfig config;
  config.search_space = parse_component(registry, options.space, "--space");
  config.architecture = options.architecture;
  config.dataset = parse_component(registry, options.dataset, "--dataset");
  config.evaluate = section_of(options);
  config.seed = options.seed.value_or(0);
  const auto directory = options.run.out.empty() ? std::filesystem::path("runs/evaluate") : options.run.out;
  evaluate_and_print(config, run_options(options.run, directory), registry, options.run);
}

}  // namespace

void evaluate_and_print(const host::EvaluateConfig& config, const host::RunOptions& options,
                        host::PluginRegistry& registry, const RunArguments& arguments) {
  stop_on_signals();
  const std::vector<host::TrainedArchitecture> trainings = host::evaluate(config, options, registry);
  const auto folder = options.directory / "evaluation";
  const std::string report = arguments.report ? write_report_of({options.directory}, {}, {}) : "";
  if (arguments.json) return print_json(json_of(config, trainings, folder));
  print(fmt::format("{} · {}\n{}\n\n{}{}", config.search_space.name, config.dataset.name,
                    trainings.front().architecture, text_of(config, trainings, folder),
                    next_commands(config, trainings.front().architecture, options.directory, registry)));
  if (!report.empty()) print("\n" + report);
}

void add_evaluate(CLI::App& program) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command = program.add_subcommand(
      "evaluate", "Train the network of an architecture from scratch, test it and keep its weights");
  command->add_option("ARCHITECTURE", options->architecture, "a canonical string, as `sample` prints it")
      ->type_name("")
      ->required();
  command
      ->add_option(
          "option=value", options->assignments,
          "an option of the training, e.g. epochs=100; `espalier describe trainer from_scratch` lists all; "
          "seeds=0..2 trains once with each of these seeds")
      ->type_name("");
  command
      ->add_option("--space", options->space,
                   "the search space of the architecture: NAME, or \"{name: NAME, option: value}\"")
      ->type_name("S")
      ->required();
  command
      ->add_option("--dataset", options->dataset,
                   "the dataset to train on: NAME, or \"{name: …, option: value}\"")
      ->type_name("D")
      ->required();
  command->add_option("--seed", options->seed, "the seed of the initial weights and the batches (default 0)")
      ->type_name("N");
  add_out(*command, options->run, "the directory of the results (default runs/evaluate)");
  add_run_arguments(*command, options->run);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier evaluate \"$(espalier sample nasbench201)\" epochs=100 --space nasbench201 "
                "--dataset cifar10"});
  command->callback([options] { evaluate(*options); });
}

}  // namespace espalier::program
