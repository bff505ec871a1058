#include "arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli.h"
#include "espalier/host/config/yaml.h"
#include "espalier/space/search_space.h"
#include "refuse_path.h"

namespace espalier::program {

void add_plugin_path(CLI::App& command, Folders& folders) {
  command
      .add_option(
          "--plugin-path", folders,
          "a folder of plugins, searched before ESPALIER_PLUGIN_PATH and the installed ones; may be repeated")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->allow_extra_args(false);
}

void add_json(CLI::App& command, bool& json) { command.add_flag("--json", json, "print JSON, for scripts"); }

CLI::Option* add_space(CLI::App& command, std::string& space) {
  return command.add_option("SPACE", space, "a search space: NAME, or \"{name: NAME, option: value}\"")
      ->type_name("")
      ->required();
}

host::PluginRegistry make_registry(const Folders& folders) {
  return host::PluginRegistry(host::PluginRegistry::search_path(folders));
}

std::unique_ptr<host::PluginRegistry> make_registry(const host::BegunRun& begun, Folders folders) {
  folders.insert(folders.end(), begun.plugin_path.begin(), begun.plugin_path.end());
  return std::make_unique<host::PluginRegistry>(host::PluginRegistry::search_path(folders),
                                                begun.plugin_pins);
}

std::unique_ptr<host::PluginRegistry> make_registry_of_own_plugins(host::BegunRun begun, Folders folders) {
  begun.plugin_path.clear();
  return make_registry(begun, std::move(folders));
}

Component parse_component(const host::PluginRegistry& registry, const std::string& text,
                          const std::string& argument) {
  const std::vector<host::PluginFile> plugins = registry.list();
  if (std::ranges::find(plugins, text, &host::PluginFile::name) == plugins.end()) refuse_path(text, argument);
  return Component::from(host::parse_yaml(text, fmt::format("argument {}", argument)), argument);
}

std::unique_ptr<SearchSpace> make_space(host::PluginRegistry& registry, const std::string& text,
                                        const std::string& argument) {
  const Component component = parse_component(registry, text, argument);
  return registry.make<SearchSpace>(component.name, Config(component.options, "search_space"));
}

Architecture parse_architecture(const SearchSpace& space, const std::string& text) {
  refuse_path(text, "ARCHITECTURE");
  return space.parse(text);
}

void set_examples(CLI::App& command, const std::vector<std::string>& lines) {
  command.footer(fmt::format("Examples:\n  {}", fmt::join(lines, "\n  ")));
}

}  // namespace espalier::program
