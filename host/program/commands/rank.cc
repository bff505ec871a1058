#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "arguments.h"
#include "benchmarks.h"
#include "cli.h"
#include "commands/commands.h"
#include "compared_values.h"
#include "distinct_architectures.h"
#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/search/needs_preparation.h"
#include "espalier/space/search_space.h"
#include "looked_up_metric.h"
#include "text/output.h"
#include "text/rank_text.h"
#include "text/text.h"

namespace espalier::program {
namespace {

constexpr std::int64_t kMostResamples = 1'000'000;

struct RankOptions {
  Folders plugin_path;
  std::string predictor;
  std::string truth;
  std::string space;
  std::string dataset;
  std::string samples = "1000";
  std::int64_t seed = 0;
  std::int64_t resamples = 1000;
  std::filesystem::path file;
  bool json = false;
  bool csv = false;
};

/// The benchmarks that the two metrics are of, each made once.
using Benchmarks = std::map<std::string, std::shared_ptr<Benchmark>>;

/// Nothing for "all".
std::optional<std::uint64_t> sample_count(const std::string& text) {
  if (text == "all") return std::nullopt;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc() && stop == end && count >= 2 && count <= kMostArchitectures) return count;
  throw UsageError({.what = fmt::format("--samples {} is not a number of architectures to draw", text),
                    .where = "command line",
                    .expected = fmt::format("2 to {}, or all", grouped(kMostArchitectures))});
}

void add_benchmark(Benchmarks& benchmarks, const std::string& text, const std::string& argument,
                   host::PluginRegistry& registry) {
  if (text.empty() || benchmarks.contains(text)) return;
  const Component component = parse_component(registry, text, argument);
  benchmarks[text] = registry.make<Benchmark>(component.name, Config(component.options, "benchmark"));
}

std::unique_ptr<Dataset> make_dataset(const std::string& text, host::PluginRegistry& registry) {
  if (text.empty()) return nullptr;
  const Component component = parse_component(registry, text, "--dataset");
  return registry.make<Dataset>(component.name, Config(component.options, "dataset"));
}

/// The first of its spaces that every benchmark knows.
std::string common_space(const Benchmarks& benchmarks) {
  std::optional<std::vector<std::string>> common;
  std::string listed;
  for (const auto& [text, benchmark] : benchmarks) {
    const std::vector<std::string> spaces = benchmark->spaces();
    if (spaces.empty()) continue;
    listed += fmt::format("{}{} is of {}", listed.empty() ? "" : ", ", text, comma_list(spaces));
    if (!common) common = spaces;
    std::erase_if(*common,
                  [&](const std::string& name) { return std::ranges::find(spaces, name) == spaces.end(); });
  }
  if (!common)
    throw unnamed_space(benchmarks.empty() ? "neither metric names a search space"
                                           : fmt::format("the benchmark \"{}\" knows any search space",
                                                         benchmarks.begin()->second->name()),
                        "the space whose architectures are compared");
  if (common->empty())
    throw UsageError({.what = "the benchmarks are of different search spaces: " + listed,
                      .where = "command line",
                      .expected = "two benchmarks that know the same space"});
  return common->front();
}

void rank(const RankOptions& options) {
  const std::optional<std::uint64_t> count = sample_count(options.samples);
  const auto predictor_text = MetricText::from(options.predictor, "A");
  const auto truth_text = MetricText::from(options.truth, "B");
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto dataset = make_dataset(options.dataset, registry);
  std::unique_ptr<SearchSpace> space;
  Benchmarks benchmarks;  // which do not outlive the two
  add_benchmark(benchmarks, predictor_text.benchmark, "A", registry);
  add_benchmark(benchmarks, truth_text.benchmark, "B", registry);
  space = options.space.empty() ? registry.make<SearchSpace>(common_space(benchmarks))
                                : make_space(registry, options.space, "--space");
  const auto benchmark_of = [&](const MetricText& text) {
    return text.benchmark.empty() ? nullptr : benchmarks.at(text.benchmark);
  };
  const LookedUpMetric predictor(predictor_text, benchmark_of(predictor_text), *space);
  const LookedUpMetric truth(truth_text, benchmark_of(truth_text), *space);

  std::vector<std::string> remarks;
  for (const auto& [text, benchmark] : benchmarks) {
    benchmark->adapt(*space, dataset.get());
    prepare(*benchmark);
    say_remarks(*benchmark, remarks);
  }
  const std::vector<Architecture> architectures =
      distinct_architectures(*space, count, static_cast<std::uint64_t>(options.seed));
  const std::vector<Compared> compared = compare(architectures, predictor, truth);
  const host::RankOptions how{.resamples = static_cast<std::size_t>(options.resamples),
                              .seed = static_cast<std::uint64_t>(options.seed)};
  const RankReport report{.space = space->name(),
                          .predictor = {predictor.label(), predictor.metric()},
                          .truth = {truth.label(), truth.metric()},
                          .lacking = architectures.size() - compared.size(),
                          .seed = how.seed,
                          .resamples = how.resamples,
                          .remarks = remarks,
                          .figures = correlation(compared, predictor, truth, how)};
  if (!options.file.empty()) write_values(options.file, compared, *space);
  if (options.json) return print_json(rank_json(report));
  print(options.csv ? rank_csv(report) : rank_table(report));
}

}  // namespace

void add_rank(CLI::App& program) {
  auto options = std::make_shared<RankOptions>();
  CLI::App* command = program.add_subcommand(
      "rank", "Compare how two benchmarks or metrics rank the architectures of a space: Kendall, Spearman");
  command
      ->add_option("A", options->predictor,
                   "what predicts: BENCHMARK or BENCHMARK:METRIC, where BENCHMARK is NAME or \"{name: NAME, "
                   "option: value}\"; or parameters, multiply_adds or activation_bytes, which the space "
                   "counts")
      ->type_name("")
      ->required();
  command->add_option("B", options->truth, "the truth, written as A is")->type_name("")->required();
  command
      ->add_option("--space", options->space,
                   "the search space: NAME, or \"{name: NAME, option: value}\" (default: the benchmarks')")
      ->type_name("S");
  command
      ->add_option("--dataset", options->dataset,
                   "the images of benchmarks that train, such as supernet: NAME, or \"{name: NAME, option: "
                   "value}\"")
      ->type_name("D");
  command
      ->add_option("--samples", options->samples,
                   "how many distinct architectures to draw, 2 to 10,000,000, or all (default 1000)")
      ->type_name("N");
  command
      ->add_option("--seed", options->seed,
                   "a number from 0 on; the same seed draws the same architectures and resamples (default 0)")
      ->type_name("S")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option(
          "--bootstrap", options->resamples,
          "how many resamples the intervals are of, up to 1,000,000; 0 leaves them out (default 1000)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{0}, kMostResamples));
  command->add_option("-o,--out", options->file, "also write both values of each architecture, as CSV")
      ->type_name("FILE");
  add_json(*command, options->json);
  command->add_flag("--csv", options->csv, "print the figures as CSV")->excludes("--json");
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier rank nasbench201:validation_accuracy nasbench201:test_accuracy --samples all",
                "espalier rank \"{name: nasbench201, epochs: 12}\" nasbench201 -o values.csv",
                "espalier rank parameters nasbench201:test_accuracy"});
  command->callback([options] { rank(*options); });
}

}  // namespace espalier::program
