#include "refuse_path.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/run/resume.h"
#include "text/component_text.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;
using host::shell_quoted;
using nlohmann::json;

constexpr std::size_t kLongest = 300;

/// As short as the run's plugins allow, or with all options where one of them is not there any more.
std::string space_of(const host::BegunRun& run) {
  const Component space = Component::from(*run.config.find("search_space"), "search_space");
  try {
    return component_text("search_space", space, *make_registry(run, {}));
  } catch (const Error&) {
    return component_text(space);
  }
}

/// What summary.json names as found; null where the run is not finished, and where it has several objectives.
json found_in(const fs::path& directory, const host::BegunRun& run) {
  if (const ConfigValue* const architecture = run.config.find("architecture")) return architecture->scalar;
  std::ifstream file(directory / "summary.json");
  const json found = json::parse(file).at("found");
  return found.is_null() ? found : found.at("architecture");
}

std::string expected_of(const std::string& argument) {
  return argument == "ARCHITECTURE" ? "the string of an architecture, as `espalier sample` prints it"
                                    : "NAME, or \"{name: NAME, option: value}\"";
}

std::string remedy_for(const std::string& directory) {
  try {
    const host::BegunRun run = host::begun_run(directory);
    const json architecture = found_in(directory, run);
    const std::string space = shell_quoted(space_of(run));
    if (architecture.is_null())
      return fmt::format("write its search space and an architecture of one of its fronts (front.csv): {}",
                         space);
    return fmt::format("write its search space and the best architecture that it found: {} {}", space,
                       shell_quoted(architecture.get<std::string>()));
  } catch (const json::exception&) {  // no summary: the run is not finished, or damaged, which `resume` says
    return fmt::format("finish the run first, which then shows what it found: `espalier resume {}`",
                       shell_quoted(directory));
  } catch (const Error& damaged) {
    return fmt::format("the run cannot be read: {}", damaged.what());
  }
}

}  // namespace

void refuse_path(const std::string& text, const std::string& argument) {
  const std::string where = fmt::format("argument {}", argument);
  const bool is_config = fs::path(text).filename() == "config.yaml";
  const fs::path directory = is_config ? fs::path(text).parent_path() : fs::path(text);
  if (host::holds_run(directory))
    throw UsageError({.what = fmt::format("{} is the {} of a run", quoted(text, kLongest),
                                          is_config ? "config" : "directory"),
                      .where = where,
                      .expected = expected_of(argument),
                      .remedy = remedy_for(directory.string())});
  std::error_code ignored;
  const bool is_path = text.find('/') != text.npos || text.find('.') != text.npos;
  if (is_path && fs::is_regular_file(text, ignored))
    throw UsageError(
        {.what = fmt::format("{} is a file", quoted(text, kLongest)),
         .where = where,
         .expected = expected_of(argument),
         .remedy = text.ends_with(".yaml") ? "to run a config: espalier run " + shell_quoted(text) : ""});
}

}  // namespace espalier::program
