#include "espalier/host/config/run_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "config/config_keys.h"
#include "config/seeds.h"
#include "config/stages_section.h"
#include "directory/job_files.h"
#include "directory/run_files.h"
#include "espalier/config/config.h"
#include "espalier/config/config_path.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "plugins/plugin_pins.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using Kind = ConfigValue::Kind;

/// A label names a folder beside the run's own files.
void check_label(const Component& component, const Location& where) {
  const std::string& label = component.label;
  const bool characters = std::all_of(label.begin(), label.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-+.").find(static_cast<char>(c)) != std::string_view::npos;
  });
  constexpr std::size_t longest = 100;
  const bool good = characters && !label.empty() && label.size() <= longest && label.front() != '.' &&
                    std::ranges::find(RunFiles::all, label) == RunFiles::all.end() &&
                    label != RunFiles::lock && label != RunFiles::report && label != RunFiles::baselines &&
                    label != JobFiles::preparation;
  if (good) return;
  throw UsageError(
      {.what = fmt::format("\"{}\" cannot be a label: it names a folder", label),
       .where = to_string(where),
       .expected = "letters, digits, _ - + and dots that are not first, and none of the run's own files"});
}

/// Takes the key out of a map; nothing when it is not there.
std::optional<ConfigValue> take(ConfigValue& map, const std::string& key) {
  const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (found == map.entries.end()) return std::nullopt;
  ConfigValue value = std::move(found->second);
  map.entries.erase(found);
  return value;
}

/// The items of a list, or a single value as the only item. `what` is "optimizer" or "benchmark".
std::vector<ConfigValue> one_or_more(const ConfigValue& value, std::string_view what) {
  if (value.kind != Kind::list) return {value};
  if (value.items.empty()) {
    throw UsageError({.what = fmt::format("the list of {}s is empty", what),
                      .where = to_string(value.where),
                      .expected = fmt::format("at least one {}", what)});
  }
  return value.items;
}

/// The component that `item` names, whose label differs from those of `others`.
Component parse_labelled(const ConfigValue& item, const std::string& what,
                         const std::vector<Component>& others) {
  Component component = Component::from(item, what);
  check_label(component, item.where);
  if (std::ranges::find(others, component.label, &Component::label) == others.end()) return component;
  throw UsageError({.what = fmt::format("two {}s have the label \"{}\"", what, component.label),
                    .where = to_string(item.where),
                    .expected = "a different label for each",
                    .remedy = fmt::format("write {{name: {}, label: another_label, …}}", component.name)});
}

/// Returns the stages of the optimizers that have any, by label: they are read when all else is.
std::map<std::string, ConfigValue> parse_optimizers(const ConfigValue& value, RunConfig& run) {
  std::map<std::string, ConfigValue> stages;
  for (ConfigValue item : one_or_more(value, "optimizer")) {
    const std::optional<ConfigValue> trainer = take(item, "trainer");
    const std::optional<ConfigValue> in_stages = take(item, "stages");
    Component component = parse_labelled(item, "optimizer", run.optimizers);
    if (trainer) run.own_trainers[component.label] = Component::from(*trainer, "optimizer.trainer");
    if (in_stages) stages[component.label] = *in_stages;
    run.optimizers.push_back(std::move(component));
  }
  return stages;
}

/// One benchmark, or a list of which the first that knows a metric answers for it.
std::vector<Component> parse_benchmarks(const ConfigValue& value) {
  std::vector<Component> benchmarks;
  for (const ConfigValue& item : one_or_more(value, "benchmark"))
    benchmarks.push_back(parse_labelled(item, "benchmark", benchmarks));
  return benchmarks;
}

void check_smoke(const ConfigValue& value) {
  const auto is_text = [](const ConfigValue& item) { return item.kind == Kind::scalar; };
  if (value.kind == Kind::list && std::all_of(value.items.begin(), value.items.end(), is_text)) return;
  throw UsageError({.what = "smoke: is not a list of overrides",
                    .where = to_string(value.where),
                    .expected = "[key.path=value, …]"});
}

fs::path parse_folder(const ConfigValue& value) {
  if (value.kind != Kind::scalar || value.scalar.empty()) {
    throw UsageError({.what = "this is not a folder of plugins",
                      .where = to_string(value.where),
                      .expected = "a path or a list of paths"});
  }
  return config_path(value.scalar, value.where);
}

PaperResult parse_figure(const ConfigValue& value, const std::string& label) {
  const std::string path = fmt::format("paper_results.figures.{}", label);
  expect_map(value, path, "{mean: …, std: …}");
  expect_keys(value, path, {"mean", "std"});
  required(value, "mean", path, "write {mean: …, std: …}");
  const Config figure(value, path);
  return {
      .mean = figure.number("mean", 0.0, "the published mean, in percent"),
      .standard_deviation = figure.number("std", 0.0, "its standard deviation, in percent", at_least(0.0)),
      .where = value.key_where};
}

void parse_paper_results(const ConfigValue& value, RunConfig& run) {
  const std::string form = "{source: …, figures: {LABEL: {mean: …, std: …}}}";
  expect_map(value, "paper_results", form);
  expect_keys(value, "paper_results", {"source", "figures"});
  if (value.find("source") != nullptr) {
    run.paper_source = Config(value, "paper_results").string("source", "", "where the figures stand");
  }
  const ConfigValue& figures =
      required(value, "figures", "paper_results", fmt::format("write paper_results: {}", form));
  expect_map(figures, "paper_results.figures", "{LABEL: {mean: …, std: …}}");
  for (const auto& [label, figure] : figures.entries) run.paper_results[label] = parse_figure(figure, label);
}

}  // namespace

const Component& RunConfig::trainer_of(const Component& optimizer) const {
  const auto own = own_trainers.find(optimizer.label);
  return own != own_trainers.end() ? own->second : *trainer;
}

void RunConfig::make_small(ConfigValue& config) {
  const ConfigValue* smoke = config.find("smoke");
  if (smoke == nullptr) {
    throw UsageError(
        {.what = "this config does not say what its small version is",
         .where = to_string(config.where),
         .expected = "a key smoke: with a list of overrides",
         .remedy = fmt::format("add one, e.g. smoke: [{}.epochs=1], or leave --smoke out",
                               config.find("architecture") != nullptr ? "evaluate" : "trainer")});
  }
  check_smoke(*smoke);
  const ConfigValue overrides = *smoke;  // config changes under way
  for (const ConfigValue& assignment : overrides.items)
    apply_override(config, assignment.scalar, overrides.where);
}

const std::vector<std::string>& RunConfig::keys() {
  static const std::vector<std::string> keys = {
      "search_space", "optimizer",   "benchmark", "report",        "objectives", "constraints",
      "dataset",      "trainer",     "select",    "evaluate",      "baselines",  "seeds",
      "seed",         "plugin_path", "plugins",   "paper_results", "smoke",      "templates"};
  return keys;
}

std::vector<fs::path> RunConfig::plugin_path_of(const ConfigValue& config) {
  const ConfigValue* const value = config.find("plugin_path");
  if (value == nullptr) return {};
  if (value->kind != Kind::list) return {parse_folder(*value)};
  std::vector<fs::path> folders;
  for (const ConfigValue& item : value->items) folders.push_back(parse_folder(item));
  return folders;
}

RunConfig RunConfig::from(const ConfigValue& config) {
  expect_map(config, "the config", "search_space, optimizer, trainer, seeds …");
  expect_keys(
      config, "the config", keys(),
      "write an option of a plugin into its section, as trials stands in trainer: {name: discrete, trials: "
      "50}, "
      "or in trainer.trials=50 on the command line; `espalier describe NAME` lists the options of a plugin");
  if (const ConfigValue* smoke = config.find("smoke")) check_smoke(*smoke);

  RunConfig run;
  run.search_space = Component::from(
      required(config, "search_space", "the config", "write `search_space: nasbench201`, for example"),
      "search_space");
  const std::map<std::string, ConfigValue> stages = parse_optimizers(
      required(config, "optimizer", "the config", "write `optimizer: random_search`, for example"), run);
  if (const ConfigValue* benchmark = config.find("benchmark")) run.benchmarks = parse_benchmarks(*benchmark);
  if (const ConfigValue* report = config.find("report")) run.report = Component::from(*report, "report");
  run.objectives = ObjectivesSection::from(config);
  if (const ConfigValue* dataset = config.find("dataset")) {
    run.dataset = Component::from(*dataset, "dataset");
  }
  if (run.own_trainers.size() < run.optimizers.size())
    required(config, "trainer", "the config", "write `trainer: discrete`, for example");
  if (const ConfigValue* trainer = config.find("trainer")) run.trainer = Component::from(*trainer, "trainer");
  for (const Component& optimizer : run.optimizers)
    if (const auto found = stages.find(optimizer.label); found != stages.end())
      run.stages[optimizer.label] = parse_stages(found->second, run, optimizer);
  if (const ConfigValue* select = config.find("select")) {
    run.select = Component::from(*select, "select", "from_scratch");
  }
  if (const ConfigValue* evaluate = config.find("evaluate")) run.evaluate = EvaluateSection::from(*evaluate);
  if (run.select && !run.evaluate) {
    throw UsageError({.what = "select: chooses what is trained, and there is no evaluate:",
                      .where = to_string(config.find("select")->where),
                      .remedy = "add one, e.g. evaluate: {epochs: 600}, or remove select: as well"});
  }
  if (const ConfigValue* baselines = config.find("baselines")) {
    run.baselines = BaselinesSection::from(*baselines);
    if (!run.evaluate)
      throw UsageError({.what = "baselines: are trained as evaluate: says, and there is no evaluate:",
                        .where = to_string(baselines->where),
                        .remedy = "add one, e.g. evaluate: {epochs: 100}, or remove baselines: as well"});
  }
  if (config.find("seed") == nullptr)
    required(config, "seeds", "the config", "write `seeds: 0..99` or `seed: 0`");
  run.seeds = find_seeds(config);
  run.plugin_path = plugin_path_of(config);
  if (const ConfigValue* plugins = config.find("plugins")) run.plugin_pins = parse_plugin_pins(*plugins);
  if (const ConfigValue* published = config.find("paper_results")) parse_paper_results(*published, run);
  return run;
}

}  // namespace espalier::host
