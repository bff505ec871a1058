#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

using Json = nlohmann::ordered_json;

struct DescribeOptions {
  Folders plugin_path;
  std::string kind;
  std::string name;
  bool json = false;
};

std::optional<std::int64_t> supernet_parameters(const SearchSpace& space) {
  if (!space.has_supernet()) return std::nullopt;
  return flatten(space.graph(), space.input_shape(), Purpose::search).parameters();
}

void add_details(Json& json, const SearchSpace& space) {
  Json choices = Json::array();
  for (const Choice& choice : space.choices()) {
    Json entry = {{"name", choice.name},
                  {"graph", choice.graph},
                  {"scope", choice.scope},
                  {"candidates", choice.candidates}};
    if (choice.edge) entry["edge"] = {choice.edge->first, choice.edge->second};
    if (choice.node) entry["node"] = *choice.node;
    choices.push_back(std::move(entry));
  }
  const Shape& input = space.input_shape();
  const std::optional<std::int64_t> parameters = supernet_parameters(space);
  json["space"] = {{"size", space.size()},
                   {"input", {input.channels, input.height, input.width}},
                   {"scopes", space.scopes()},
                   {"discrete_only", !space.has_supernet()},
                   {"supernet_parameters", parameters ? Json(*parameters) : Json()},
                   {"choices", std::move(choices)}};
}

void add_details(Json& json, const Benchmark& benchmark) {
  Json metrics = Json::array();
  for (const Metric& metric : benchmark.metrics()) {
    metrics.push_back({{"name", metric.name},
                       {"unit", metric.unit},
                       {"better", better_text(metric)},
                       {"measured", metric.measured},
                       {"partial", metric.partial},
                       {"epochs", benchmark.epochs(metric.name)},
                       {"help", metric.help}});
  }
  json["benchmark"] = {{"spaces", benchmark.spaces()},
                       {"datasets", benchmark.datasets()},
                       {"objective", benchmark.objective()},
                       {"report", benchmark.report_metric()},
                       {"metrics", std::move(metrics)}};
}

/// Nothing where only the dataset's files would tell, and they are not there.
std::optional<std::size_t> classes_of(const Dataset& dataset) {
  try {
    return dataset.classes();
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// As short as one writes them: 0.4914, not the double nearest to that float.
Json to_json(const std::vector<float>& numbers) {
  Json json = Json::array();
  for (const float number : numbers) json.push_back(Json::parse(fmt::format("{}", number)));
  return json;
}

void add_details(Json& json, const Dataset& dataset) {
  const Shape shape = dataset.shape();
  const Normalization normalization = dataset.normalization();
  const std::optional<std::size_t> classes = classes_of(dataset);
  json["dataset"] = {{"shape", {shape.channels, shape.height, shape.width}},
                     {"classes", classes ? Json(*classes) : Json()},
                     {"mean", to_json(normalization.mean)},
                     {"standard_deviation", to_json(normalization.standard_deviation)},
                     {"preparation", dataset.preparation()},
                     {"may_be_mirrored", dataset.may_be_mirrored()}};
}

std::string details(const Dataset& dataset) {
  const Normalization normalization = dataset.normalization();
  const std::optional<std::size_t> classes = classes_of(dataset);
  return fmt::format(
      "\nshape               {}\nclasses             {}\nmean                {:.4f}\nstandard deviation  "
      "{:.4f}\npreparation         {}\nmirrored            {}\n",
      to_string(dataset.shape()),
      classes ? grouped(static_cast<std::int64_t>(*classes)) : "as many as its files tell",
      fmt::join(normalization.mean, ", "), fmt::join(normalization.standard_deviation, ", "),
      dataset.preparation().empty() ? "none: the files hold such images" : dataset.preparation(),
      dataset.may_be_mirrored() ? "yes, where a training flips images" : "no");
}

std::string details(const SearchSpace& space) {
  const std::optional<std::int64_t> parameters = supernet_parameters(space);
  std::string text = fmt::format(
      "\narchitectures        {}\ninput                {}\nscopes               {}\nsupernet parameters  "
      "{}\n\n",
      count_text(space.size()), to_string(space.input_shape()),
      space.scopes().empty() ? "all" : comma_list(space.scopes()),
      parameters ? grouped(*parameters) : "none: the space has no supernet");
  Table choices({{"CHOICE"}, {"CANDIDATES"}});
  for (const Choice& choice : space.choices()) choices.add({choice.name, comma_list(choice.candidates)});
  return text + choices.render();
}

/// "12, 200", or "1 … 200" for a long row.
std::string epochs_text(const std::vector<int>& epochs) {
  constexpr std::size_t short_enough = 8;
  if (epochs.empty()) return "–";
  if (epochs.size() > short_enough) return fmt::format("{} … {}", epochs.front(), epochs.back());
  return fmt::format("{}", fmt::join(epochs, ", "));
}

std::string details(const Benchmark& benchmark) {
  const std::string report = benchmark.report_metric();
  std::string text = fmt::format("\nspaces     {}\ndatasets   {}\nobjective  {}\nreport     {}\n\n",
                                 benchmark.spaces().empty() ? "any" : comma_list(benchmark.spaces()),
                                 benchmark.datasets().empty() ? "any" : comma_list(benchmark.datasets()),
                                 benchmark.objective(), report.empty() ? "none" : report);
  Table metrics({{"METRIC"}, {"UNIT"}, {"BETTER"}, {"EPOCHS"}, {"HELP"}});
  for (const Metric& metric : benchmark.metrics())
    metrics.add({metric.name, metric.unit, better_text(metric), epochs_text(benchmark.epochs(metric.name)),
                 metric.help});
  return text + metrics.render();
}

Json to_json(const std::vector<OptionInfo>& options) {
  Json json = Json::array();
  for (const OptionInfo& option : options) {
    json.push_back({{"name", option.name},
                    {"type", option.type},
                    {"default", option.default_value},
                    {"range", option.range},
                    {"required", option.required},
                    {"help", option.help}});
  }
  return json;
}

std::string options_text(const std::vector<OptionInfo>& options) {
  if (options.empty()) return "no options\n";
  Table table({{"OPTION"}, {"TYPE"}, {"DEFAULT"}, {"RANGE"}, {"HELP"}});
  for (const OptionInfo& option : options) {
    table.add({option.name, option.type, option.required ? "(required)" : option.default_value, option.range,
               option.help});
  }
  return table.render();
}

/// What a benchmark or a dataset says of itself, for messages.
constexpr const char* kGetters = "description of itself";

void describe(const DescribeOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const std::string kind = options.kind == "space" ? "search_space" : options.kind;
  const Component component = parse_component(options.name, "NAME");
  const Config config(component.options, kind);
  const std::unique_ptr<Plugin> plugin = registry.make(kind, component.name, config);
  const auto* space = dynamic_cast<const SearchSpace*>(plugin.get());
  const auto* benchmark = dynamic_cast<const Benchmark*>(plugin.get());
  const auto* dataset = dynamic_cast<const Dataset*>(plugin.get());

  if (options.json) {
    Json json = {{"kind", kind}, {"name", component.name}, {"options", to_json(config.options())}};
    if (space != nullptr) add_details(json, *space);
    if (benchmark != nullptr) call_plugin(*benchmark, kGetters, [&] { add_details(json, *benchmark); });
    if (dataset != nullptr) call_plugin(*dataset, kGetters, [&] { add_details(json, *dataset); });
    return print_json(json);
  }
  print(fmt::format("{} {}\n\n{}", kind, component.name, options_text(config.options())));
  if (space != nullptr) print(details(*space));
  if (benchmark != nullptr) print(call_plugin(*benchmark, kGetters, [&] { return details(*benchmark); }));
  if (dataset != nullptr) print(call_plugin(*dataset, kGetters, [&] { return details(*dataset); }));
}

}  // namespace

void add_describe(CLI::App& program) {
  auto options = std::make_shared<DescribeOptions>();
  CLI::App* command = program.add_subcommand(
      "describe", "Show the options of a plugin, and what a space, benchmark or dataset holds");
  command
      ->add_option(
          "KIND", options->kind,
          "the kind of the plugin: " + join_names(plugin_kinds()) + "; space is short for search_space")
      ->type_name("")
      ->required();
  command->add_option("NAME", options->name, "the plugin, as `espalier plugins` lists it")
      ->type_name("")
      ->required();
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command,
               {"espalier describe optimizer regularized_evolution", "espalier describe space nasbench201",
                "espalier describe dataset cifar10", "espalier describe benchmark nasbench201 --json"});
  command->callback([options] { describe(*options); });
}

}  // namespace espalier::program
