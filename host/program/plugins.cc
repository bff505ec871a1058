#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands.h"
#include "espalier/errors.h"
#include "output.h"
#include "text.h"

namespace espalier::program {
namespace {

struct Options {
  Folders plugin_path;
  bool json = false;
  std::filesystem::path file;
};

nlohmann::ordered_json to_json(const host::PluginFile& plugin) {
  return {{"kind", plugin.kind},      {"name", plugin.name},          {"version", plugin.version},
          {"abi", plugin.abi},        {"file", plugin.file.string()}, {"ok", plugin.problem.empty()},
          {"problem", plugin.problem}};
}

/// Problems may have several lines; a row of a table is one.
std::string one_line(std::string text) {
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    const std::size_t next = std::min(text.find_first_not_of(' ', end + 1), text.size());
    text.replace(end, next - end, "; ");
  }
  return text;
}

void list(const Options& options) {
  const Folders folders = host::PluginRegistry::search_path(options.plugin_path);
  const std::vector<host::PluginFile> plugins = host::PluginRegistry(folders).list();
  if (options.json) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const host::PluginFile& plugin : plugins) all.push_back(to_json(plugin));
    return print_json(all);
  }
  if (plugins.empty()) {
    print("no plugins found; looked in:\n");
    for (const auto& folder : folders) print(fmt::format("  {}\n", folder.string()));
    return;
  }
  Table table({{"KIND"}, {"NAME"}, {"VERSION"}, {"FILE"}, {"STATE"}});
  const auto text = [](const std::string& part) { return part.empty() ? std::string("?") : part; };
  for (const host::PluginFile& plugin : plugins) {
    table.add({text(plugin.kind), text(plugin.name), text(plugin.version), plugin.file.string(),
               plugin.problem.empty() ? "ok" : one_line(plugin.problem)});
  }
  print(table.render());
}

void check(const Options& options) {
  const host::PluginFile plugin = host::PluginRegistry::check(options.file);
  if (!plugin.problem.empty()) {
    throw Error({.what = fmt::format("would not load: {}", plugin.problem), .where = options.file.string()});
  }
  print(fmt::format("{} would load\n  kind:     {}\n  name:     {}\n  version:  {}\n  ABI:      {}\n",
                    options.file.string(), plugin.kind, plugin.name, plugin.version, plugin.abi));
}

}  // namespace

void add_plugins(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("plugins", "List the plugins that are found, and whether they would load");
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier plugins", "espalier plugins --plugin-path ~/my-plugins --json",
                          "espalier plugins check ~/my-plugins/my_optimizer.so"});

  CLI::App* check_command = command->add_subcommand("check", "Explain why a file would (not) load");
  check_command->add_option("FILE", options->file, "a shared library")->type_name("")->required();
  check_command->group("Commands");
  add_plugin_path(*check_command, options->plugin_path);
  set_examples(*check_command, {"espalier plugins check ~/my-plugins/my_optimizer.so"});

  command->callback([options, check_command] { check_command->parsed() ? check(*options) : list(*options); });
}

}  // namespace espalier::program
