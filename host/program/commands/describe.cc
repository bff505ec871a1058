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
  std::string name;  ///< empty where `kind` is all that was typed
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

void describe_plugin(const std::string& kind, const Component& component, const DescribeOptions& options,
                     host::PluginRegistry& registry) {
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

bool is_kind(const std::string& word) {
  const auto& kinds = plugin_kinds();
  return std::find(kinds.begin(), kinds.end(), word) != kinds.end();
}

void list(const std::string& kind, const DescribeOptions& options, const host::PluginRegistry& registry) {
  Json json = Json::array();
  Table table({{"NAME"}, {"VERSION"}, {"STATE"}});
  for (const host::PluginFile& plugin : registry.list()) {
    if (plugin.kind != kind) continue;
    json.push_back({{"kind", kind}, {"name", plugin.name}, {"ok", plugin.problem.empty()}});
    table.add({plugin.name, plugin.version,
               plugin.problem.empty() ? "ok" : "refused: `espalier plugins` says why"});
  }
  if (options.json) return print_json(json);
  print(fmt::format("{}\n`espalier describe {} NAME` shows the options of one.\n", table.render(), kind));
}

/// The only kind that has a plugin of this name.
std::string kind_of(const std::string& name, const host::PluginRegistry& registry) {
  std::vector<std::string> kinds;
  std::vector<std::string> words(plugin_kinds().begin(), plugin_kinds().end());
  for (const host::PluginFile& plugin : registry.list()) {
    if (plugin.kind.empty()) continue;
    words.push_back(plugin.name);
    if (plugin.name == name && std::find(kinds.begin(), kinds.end(), plugin.kind) == kinds.end())
      kinds.push_back(plugin.kind);
  }
  if (kinds.size() == 1) return kinds.front();
  std::vector<std::string> commands;
  commands.reserve(kinds.size());
  for (const std::string& kind : kinds)
    commands.push_back(fmt::format("`espalier describe {} {}`", kind, name));
  throw UsageError(
      {.what = kinds.empty()
                   ? fmt::format("no plugin, and no kind of plugin, is named \"{}\"", name)
                   : fmt::format("\"{}\" is the name of a {}", name, fmt::join(kinds, " and of a ")),
       .where = "argument NAME",
       .expected = kinds.empty() ? "a kind, one of " + join_names(plugin_kinds()) + ", or a plugin's name"
                                 : "the kind before the name",
       .nearest = kinds.empty() ? nearest(name, words) : "",
       .remedy = kinds.empty() ? "`espalier plugins` lists all plugins"
                               : fmt::format("write {}", fmt::join(commands, " or "))});
}

void describe(const DescribeOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const std::string kind = options.kind == "space" ? "search_space" : options.kind;
  if (!is_kind(kind) && is_kind(options.name))
    throw UsageError({.what = fmt::format("the name \"{}\" stands before the kind", options.kind),
                      .where = "arguments KIND and NAME",
                      .expected = "the kind first",
                      .remedy = fmt::format("write `espalier describe {} {}`", options.name, options.kind)});
  if (!options.name.empty())
    return describe_plugin(kind, parse_component(registry, options.name, "NAME"), options, registry);
  if (is_kind(kind)) return list(kind, options, registry);
  const Component component = parse_component(registry, options.kind, "NAME");
  describe_plugin(kind_of(component.name, registry), component, options, registry);
}

}  // namespace

void add_describe(CLI::App& program) {
  auto options = std::make_shared<DescribeOptions>();
  CLI::App* command = program.add_subcommand(
      "describe", "Show the options of a plugin, and what a space, benchmark or dataset holds");
  command
      ->add_option("KIND", options->kind,
                   "the kind of the plugin: " + join_names(plugin_kinds()) +
                       "; space is short for search_space; may be left out where no other kind has the name")
      ->type_name("")
      ->required();
  command
      ->add_option(
          "NAME", options->name,
          "the plugin, as `espalier plugins` lists it; without it, the plugins of the kind are listed")
      ->type_name("");
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier describe regularized_evolution", "espalier describe space nasbench201",
                          "espalier describe optimizer", "espalier describe benchmark nasbench201 --json"});
  command->callback([options] { describe(*options); });
}

}  // namespace espalier::program
