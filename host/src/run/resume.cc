#include "espalier/host/run/resume.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "directory/run_config_file.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/sealed_json.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

/// Without them a plugin that is not found says where it was looked for.
std::vector<fs::path> recorded_folders(const fs::path& environment) {
  const auto text = read_file(environment);
  if (!text || !is_sealed(*text)) return {};
  const auto folders = nlohmann::json::parse(*text).value("plugin_path", std::vector<std::string>());
  return {folders.begin(), folders.end()};
}

}  // namespace

BegunRun begun_run(const fs::path& directory) {
  const fs::path file = directory / "config.yaml";
  const auto text = read_file(file);
  if (!text || !is_config_of_run(*text))
    throw UsageError({.what = "this directory holds no run",
                      .where = directory.string(),
                      .expected = "the directory of a run that was begun, such as runs/quickstart",
                      .remedy = "begin a run with `espalier run CONFIG --out DIR`"});
  BegunRun run{.config = parse_config_of_run(*text, file),
               .plugin_path = recorded_folders(directory / "environment.json")};
  run.evaluates = run.config.find("architecture") != nullptr;
  return run;
}

}  // namespace espalier::host
