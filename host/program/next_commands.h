#pragma once

#include <filesystem>
#include <string>

#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/summary.h"
#include "espalier/host/run/evaluate.h"

/// What a person may do next with what was found: commands to copy, only those that make sense after this
/// run.
namespace espalier::program {

std::string next_commands(const host::RunConfig& config, const host::Summary& summary,
                          const std::filesystem::path& directory, host::PluginRegistry& registry);
/// The same after an architecture was trained.
std::string next_commands(const host::EvaluateConfig& config, const std::string& architecture,
                          const std::filesystem::path& directory, host::PluginRegistry& registry);

}  // namespace espalier::program
