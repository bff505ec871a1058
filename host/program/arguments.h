#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/resume.h"
#include "espalier/space/architecture.h"

/// Arguments that several commands take.
namespace espalier::program {

using Folders = std::vector<std::filesystem::path>;

void add_plugin_path(CLI::App& command, Folders& folders);
void add_json(CLI::App& command, bool& json);
CLI::Option* add_space(CLI::App& command, std::string& space);

host::PluginRegistry make_registry(const Folders& folders);
/// Finds what the run was begun with, after what is in `folders`.
std::unique_ptr<host::PluginRegistry> make_registry(const host::BegunRun& begun, Folders folders);

/// For what people do with a run of somebody else: only the installed plugins and those in `folders` load,
/// and none from a folder that the run names.
std::unique_ptr<host::PluginRegistry> make_registry_of_own_plugins(host::BegunRun begun, Folders folders);

/// NAME or "{name: NAME, option: value}"; `argument` ("SPACE") is for messages. The directory of a run is
/// refused with what to write instead, unless a plugin of the registry has that very name.
Component parse_component(const host::PluginRegistry& registry, const std::string& text,
                          const std::string& argument);
std::unique_ptr<SearchSpace> make_space(host::PluginRegistry& registry, const std::string& text,
                                        const std::string& argument = "SPACE");
Architecture parse_architecture(const SearchSpace& space, const std::string& text);

/// Shown at the end of --help.
void set_examples(CLI::App& command, const std::vector<std::string>& lines);

}  // namespace espalier::program
