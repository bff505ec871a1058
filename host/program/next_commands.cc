#include "next_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/report/verdict.h"
#include "espalier/search/benchmark.h"
#include "text/component_text.h"

namespace espalier::program {
namespace {

using host::shell_quoted;

std::string listed(const std::vector<std::string>& commands) {
  return commands.empty() ? "" : fmt::format("\nnext:\n  {}\n", fmt::join(commands, "\n  "));
}

/// The options by which a command finds the plugins of this run: the folders that it would not search anyway.
/// `resume` and `trials` read them from the run.
std::string plugin_path(const host::PluginRegistry& registry) {
  const std::vector<std::filesystem::path> usual = host::PluginRegistry::search_path();
  std::vector<std::filesystem::path> named;
  std::string text;
  for (const std::filesystem::path& folder : registry.folders()) {
    if (std::ranges::find(usual, folder) != usual.end() || std::ranges::find(named, folder) != named.end())
      continue;
    named.push_back(folder);
    text += " --plugin-path " + shell_quoted(folder.string());
  }
  return text;
}

std::string draw_command(const std::string& space, const std::string& architecture,
                         const std::filesystem::path& directory, const host::PluginRegistry& registry) {
  return fmt::format("espalier draw {} {} -o {}{}", shell_quoted(space), shell_quoted(architecture),
                     shell_quoted((directory / "found.svg").string()), plugin_path(registry));
}

std::string report_command(const std::filesystem::path& directory) {
  return fmt::format("espalier report {}", shell_quoted(directory.string()));
}

std::string trials_command(const std::filesystem::path& directory) {
  return fmt::format("espalier trials {} -o {}", shell_quoted(directory.string()),
                     shell_quoted((directory / "trials.csv").string()));
}

std::string export_command(const std::filesystem::path& directory, const host::PluginRegistry& registry) {
  const std::string folder = directory.filename().empty() ? directory.parent_path().filename().string()
                                                          : directory.filename().string();
  return fmt::format("espalier export {} -o {}{}", shell_quoted(directory.string()),
                     shell_quoted(folder + "-network"), plugin_path(registry));
}

/// Whether a run has one trained network, so that its directory names it.
bool has_one_network(const host::Summary& summary) {
  std::size_t count = 0;
  for (const host::SummaryRow& row : summary.rows)
    for (const host::SeedResult& result : row.results) count += result.trained.size();
  return count == 1;
}

/// Exports the first training of the baseline that is worth more than the searches; nothing where none is.
std::optional<std::string> export_baseline(const host::Summary& summary,
                                           const std::filesystem::path& directory,
                                           const host::PluginRegistry& registry) {
  const host::BaselineResult* const preferred = host::preferred_baseline(summary);
  if (preferred == nullptr) return std::nullopt;
  const auto folder = directory / "baselines" / preferred->name / "evaluation" /
                      fmt::format("seed_{}", preferred->trained.front().seed);
  return fmt::format("espalier export {} -o {}{}", shell_quoted(folder.string()),
                     shell_quoted(preferred->name + "-network"), plugin_path(registry));
}

/// A benchmark of certain spaces is a table: to look into it takes no time and names no space.
std::optional<std::string> query_command(const host::RunConfig& config, const std::string& architecture,
                                         host::PluginRegistry& registry) {
  if (config.benchmarks.empty()) return std::nullopt;
  const Component& component = config.benchmarks.front();
  const auto benchmark = registry.make<Benchmark>(component.name, Config(component.options, "benchmark"));
  const std::vector<std::string> spaces = benchmark->spaces();
  if (std::ranges::find(spaces, config.search_space.name) == spaces.end()) return std::nullopt;
  return fmt::format("espalier query {} {}{}", shell_quoted(component_text("benchmark", component, registry)),
                     shell_quoted(architecture), plugin_path(registry));
}

/// Twice as many, and no fewer than an interval needs; nothing where they are no range from a first to a
/// last.
std::optional<std::string> more_seeds(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t enough = 5;
  const bool range = seeds.back() - seeds.front() + 1 == seeds.size() && std::ranges::is_sorted(seeds);
  if (!range) return std::nullopt;
  const std::size_t count = std::max(2 * seeds.size(), enough);
  return fmt::format("seeds={}..{}", seeds.front(), seeds.front() + count - 1);
}

}  // namespace

std::string next_commands(const host::RunConfig& config, const host::Summary& summary,
                          const std::filesystem::path& directory, host::PluginRegistry& registry) {
  std::vector<std::string> commands;
  if (const host::FoundArchitecture* found = host::best_found(summary)) {
    const std::string space = component_text("search_space", config.search_space, registry);
    commands.push_back(draw_command(space, found->architecture, directory, registry));
    if (const auto query = query_command(config, found->architecture, registry)) commands.push_back(*query);
    if (config.dataset && !config.evaluate)
      commands.push_back(fmt::format("espalier evaluate {} --space {} --dataset {}{}",
                                     shell_quoted(found->architecture), shell_quoted(space),
                                     shell_quoted(component_text("dataset", *config.dataset, registry)),
                                     plugin_path(registry)));
  }
  if (const auto baseline = export_baseline(summary, directory, registry)) commands.push_back(*baseline);
  if (has_one_network(summary)) commands.push_back(export_command(directory, registry));
  commands.push_back(report_command(directory));
  commands.push_back(trials_command(directory));
  if (const auto seeds = more_seeds(config.seeds))
    commands.push_back(fmt::format("espalier resume {} {}", shell_quoted(directory.string()), *seeds));
  return listed(commands);
}

std::string next_commands(const host::EvaluateConfig& config, const std::string& architecture,
                          const std::filesystem::path& directory, host::PluginRegistry& registry) {
  const std::string space = component_text("search_space", config.search_space, registry);
  std::vector<std::string> commands = {draw_command(space, architecture, directory, registry),
                                       report_command(directory), trials_command(directory)};
  if (config.evaluate.seeds.size() <= 1)
    commands.insert(commands.begin() + 1, export_command(directory, registry));
  if (!config.evaluate.seeds.empty())
    if (const auto seeds = more_seeds(config.evaluate.seeds))
      commands.push_back(
          fmt::format("espalier resume {} evaluate.{}", shell_quoted(directory.string()), *seeds));
  return listed(commands);
}

}  // namespace espalier::program
