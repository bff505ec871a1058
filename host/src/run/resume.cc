#include "espalier/host/run/resume.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "directory/run_config_file.h"
#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/host/report/shell_quoted.h"
#include "files/sealed_json.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

/// What environment.json says. Without it the run begins as if nothing had been named: a plugin that is then
/// not found says where it was looked for.
void read_environment(const fs::path& file, BegunRun& run) {
  const auto text = read_file(file);
  if (!text || !is_sealed(*text)) return;
  const auto json = nlohmann::json::parse(*text);
  const auto folders = json.value("plugin_path", std::vector<std::string>());
  run.plugin_path.assign(folders.begin(), folders.end());
  for (const auto& [plugin, hash] : json.value("plugins_required", std::map<std::string, std::string>()))
    run.plugin_pins[plugin] = hash;
}

[[noreturn]] void refuse_directory(const fs::path& directory, const std::string& what, std::string remedy) {
  throw UsageError({.what = what,
                    .where = directory.string(),
                    .expected = "the directory of a run that was begun, such as runs/quickstart",
                    .remedy = std::move(remedy)});
}

void check_directory(const fs::path& directory) {
  std::error_code ignored;
  if (fs::is_directory(directory, ignored)) return;
  const std::string name = directory.string();
  if (fs::exists(directory, ignored)) {
    const fs::path parent = directory.has_parent_path() ? directory.parent_path() : ".";
    refuse_directory(directory, "this is a file, not the directory of a run",
                     holds_run(parent) ? fmt::format("espalier resume {}", shell_quoted(parent.string()))
                                       : fmt::format("to run a config: espalier run {}", shell_quoted(name)));
  }
  if (name.find('=') != name.npos)
    refuse_directory(directory, "the directory of a run comes before what is to change",
                     fmt::format("write it first: espalier resume DIR {}", shell_quoted(name)));
  const fs::path usual = fs::path("runs") / directory;
  refuse_directory(directory, "there is no such directory",
                   fs::is_directory(usual, ignored)
                       ? fmt::format("espalier resume {}", shell_quoted(usual.string()))
                       : "check the path");
}

}  // namespace

bool holds_run(const fs::path& directory) {
  std::error_code ignored;
  if (!fs::is_regular_file(directory / RunFiles::config, ignored)) return false;
  const auto text = read_file(directory / RunFiles::config);
  return text && is_config_of_run(*text);
}

BegunRun begun_run(const fs::path& directory) {
  check_directory(directory);
  const fs::path file = directory / RunFiles::config;
  const auto text = read_file(file);
  if (!text || !is_config_of_run(*text))
    refuse_directory(directory, "this directory holds no run: it has no config.yaml of one",
                     "name the directory that `espalier run` printed as its run directory");
  BegunRun run;
  run.config = parse_config_of_run(*text, file);
  read_environment(directory / RunFiles::environment, run);
  run.evaluates = run.config.find("architecture") != nullptr;
  return run;
}

}  // namespace espalier::host
