#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "text/output.h"
#include "text/text.h"

namespace espalier::program {
namespace {

constexpr double kMaxTimeout = 86'400.0;

struct PluginsOptions {
  Folders plugin_path;
  bool json = false;
  bool hashes = false;
  std::vector<std::filesystem::path> files;
  double timeout = 30.0;
};

nlohmann::ordered_json to_json(const host::PluginFile& plugin, bool with_hash) {
  nlohmann::ordered_json json = {{"kind", plugin.kind},          {"name", plugin.name},
                                 {"version", plugin.version},    {"abi", plugin.abi},
                                 {"file", plugin.file.string()}, {"ok", plugin.problem.empty()},
                                 {"problem", plugin.problem}};
  if (with_hash && plugin.problem.empty()) json["sha256"] = host::PluginRegistry::hash(plugin.file);
  return json;
}

/// Problems may have several lines; a row of a table is one.
std::string one_line(std::string text) {
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    const std::size_t next = std::min(text.find_first_not_of(' ', end + 1), text.size());
    text.replace(end, next - end, "; ");
  }
  return text;
}

void print_table(const std::vector<host::PluginFile>& plugins) {
  Table table({{"KIND"}, {"NAME"}, {"VERSION"}, {"STATE"}, {"FILE"}});
  const auto text = [](const std::string& part) { return part.empty() ? std::string("?") : part; };
  for (const host::PluginFile& plugin : plugins) {
    table.add({text(plugin.kind), text(plugin.name), text(plugin.version),
               plugin.problem.empty() ? "ok" : one_line(plugin.problem), plugin.file.string()});
  }
  print(table.render());
}

/// As a config pins them; what would be refused is left out.
void print_hashes(const std::vector<host::PluginFile>& plugins) {
  print("plugins:\n  require:\n");
  for (const host::PluginFile& plugin : plugins) {
    if (!plugin.problem.empty()) continue;
    print(fmt::format("    {}/{}: {}\n", plugin.kind, plugin.name, host::PluginRegistry::hash(plugin.file)));
  }
}

void print_list(const std::vector<host::PluginFile>& plugins, const PluginsOptions& options) {
  if (!options.json) return print_table(plugins);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const host::PluginFile& plugin : plugins) all.push_back(to_json(plugin, options.hashes));
  print_json(all);
}

void list(const PluginsOptions& options) {
  const Folders folders = host::PluginRegistry::search_path(options.plugin_path);
  const std::vector<host::PluginFile> plugins = host::PluginRegistry(folders).list();
  if (plugins.empty() && !options.json) {
    print("no plugins found; looked in:\n");
    for (const auto& folder : folders) print(fmt::format("  {}\n", folder.string()));
    return;
  }
  if (options.hashes && !options.json) return print_hashes(plugins);
  print_list(plugins, options);
}

host::PluginFile try_loading(const std::filesystem::path& file, const PluginsOptions& options) {
  return host::PluginRegistry::check(file, true, std::chrono::duration<double>(options.timeout));
}

void explain(const std::filesystem::path& file, const PluginsOptions& options) {
  const host::PluginFile plugin = try_loading(file, options);
  if (!plugin.problem.empty()) {
    throw Error({.what = fmt::format("would not load: {}", plugin.problem),
                 .where = file.string(),
                 .remedy = plugin.remedy});
  }
  print(fmt::format("{} would load\n  kind:     {}\n  name:     {}\n  version:  {}\n  ABI:      {}\n",
                    file.string(), plugin.kind, plugin.name, plugin.version, plugin.abi));
}

/// The files named, or all that are found. One alone is explained.
void check(const PluginsOptions& options) {
  if (options.files.size() == 1 && !options.json) return explain(options.files.front(), options);
  std::vector<host::PluginFile> plugins;
  if (options.files.empty()) {
    plugins = make_registry(options.plugin_path).list();
    for (host::PluginFile& plugin : plugins)
      if (plugin.problem.empty()) plugin = try_loading(plugin.file, options);
  }
  for (const auto& file : options.files) plugins.push_back(try_loading(file, options));
  print_list(plugins, options);
  const auto bad = std::count_if(plugins.begin(), plugins.end(),
                                 [](const host::PluginFile& plugin) { return !plugin.problem.empty(); });
  if (bad == 0) return;
  throw Error({.what = fmt::format("{} of {} would not load", bad, plugins.size()),
               .where = "plugins",
               .remedy = "`espalier plugins check FILE` says what to do about one"});
}

}  // namespace

void add_plugins(CLI::App& program) {
  auto options = std::make_shared<PluginsOptions>();
  CLI::App* command =
      program.add_subcommand("plugins", "List the plugins that were found and whether they would load");
  add_json(*command, options->json);
  command->add_flag("--hashes", options->hashes,
                    "print the SHA-256 of each plugin, in the form in which a config pins it");
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier plugins", "espalier plugins --hashes",
                          "espalier plugins --plugin-path ~/my-plugins --json",
                          "espalier plugins check ~/my-plugins/my_optimizer.so"});

  CLI::App* check_command = command->add_subcommand(
      "check", "Load each plugin in a process of its own and explain why it would or would not load");
  check_command->add_option("FILE", options->files, "shared libraries (default: all plugins that were found)")
      ->type_name("");
  check_command
      ->add_option("--timeout", options->timeout,
                   "how long one may take to load, in seconds, up to 86400 (default 30)")
      ->type_name("S")
      ->check(CLI::Range(0.001, kMaxTimeout));
  check_command->group("Commands");
  add_json(*check_command, options->json);
  add_plugin_path(*check_command, options->plugin_path);
  set_examples(*check_command, {"espalier plugins check ~/my-plugins/my_optimizer.so",
                                "espalier plugins check --plugin-path ~/my-plugins"});

  command->callback([options, check_command] { check_command->parsed() ? check(*options) : list(*options); });
}

}  // namespace espalier::program
