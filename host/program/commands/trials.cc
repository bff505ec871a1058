#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/host/files/write_file.h"
#include "espalier/host/report/trials.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/needs_preparation.h"
#include "espalier/space/search_space.h"
#include "looked_up_metric.h"
#include "text/output.h"

namespace espalier::program {
namespace {

struct TrialsOptions {
  Folders plugin_path;
  std::vector<std::filesystem::path> directories;
  std::filesystem::path file;
  std::vector<std::string> columns;
};

/// The remedies of adapt() are for a config.
void check_space(const Benchmark& benchmark, const SearchSpace& space) {
  const std::vector<std::string> known = benchmark.spaces();
  if (known.empty() || std::ranges::find(known, space.name()) != known.end()) return;
  throw UsageError({.what = fmt::format("the benchmark \"{}\" does not know the search space \"{}\" of a run",
                                        benchmark.name(), space.name()),
                    .where = "argument --column",
                    .expected = "a benchmark of " + space.name(),
                    .remedy = "list runs of different spaces one by one"});
}

/// NAME=BENCHMARK:METRIC.
host::TrialColumn column_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  constexpr const char* letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (equals == 0 || equals == text.npos || equals + 1 == text.size() ||
      text.find_first_not_of(letters) != equals)
    throw UsageError({.what = fmt::format("{} names no column and metric", quoted(text, 60)),
                      .where = "argument --column",
                      .expected = "NAME=BENCHMARK:METRIC, or NAME=BENCHMARK for the metric that its searches "
                                  "optimize; a NAME has letters, digits and _ . -",
                      .remedy = "`espalier describe benchmark NAME` lists the metrics"});
  const auto metric = MetricText::from(text.substr(equals + 1), "--column");
  const auto of_space = [metric](const SearchSpace& space, host::PluginRegistry& registry) {
    std::shared_ptr<Benchmark> benchmark;
    if (!metric.benchmark.empty()) {
      const Component component = parse_component(registry, metric.benchmark, "--column");
      benchmark = registry.make<Benchmark>(component.name, Config(component.options, "benchmark"));
      check_space(*benchmark, space);
      benchmark->adapt(space);
      prepare(*benchmark);
    }
    const auto looked_up = std::make_shared<const LookedUpMetric>(metric, std::move(benchmark), space);
    return [looked_up](const Architecture& architecture) { return looked_up->value(architecture); };
  };
  return {.name = text.substr(0, equals), .of_space = of_space};
}

void trials(const TrialsOptions& options) {
  std::vector<host::TrialColumn> columns;
  for (const std::string& text : options.columns) columns.push_back(column_of(text));
  std::vector<std::unique_ptr<host::PluginRegistry>> registries;
  std::vector<host::RunToList> runs;
  for (const auto& directory : options.directories) {
    const host::BegunRun begun = host::begun_run(directory);
    registries.push_back(make_registry(begun, options.plugin_path));
    runs.push_back({.directory = directory, .begun = begun, .registry = registries.back().get()});
  }
  if (options.file.empty())
    return host::write_trials(
        runs, [](std::string_view text) { print(text); }, columns);
  host::write_file(
      options.file, [&](const host::WritePiece& write) { host::write_trials(runs, write, columns); },
      host::Durability::process);
}

}  // namespace

void add_trials(CLI::App& program) {
  auto options = std::make_shared<TrialsOptions>();
  CLI::App* command = program.add_subcommand(
      "trials", "Write one table of all trials and epochs of runs, as CSV: for pandas, R or a spreadsheet");
  command->add_option("DIR", options->directories, "directories of runs, finished or not")
      ->type_name("")
      ->required();
  command->add_option("-o,--out", options->file, "the table's file (default: standard output)")
      ->type_name("FILE");
  command
      ->add_option("--column", options->columns,
                   "add a column: what BENCHMARK, a NAME or \"{name: NAME, option: value}\", knows of each "
                   "row's architecture; may be repeated")
      ->type_name("NAME=BENCHMARK:METRIC")
      ->allow_extra_args(false);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier trials runs/quickstart -o trials.csv",
                          "espalier trials runs/* -o all.csv   # the column run tells them apart",
                          "espalier trials runs/quickstart --column 'cifar100={name: nasbench201, dataset: "
                          "cifar100}:test_accuracy'"});
  command->callback([options] { trials(*options); });
}

}  // namespace espalier::program
