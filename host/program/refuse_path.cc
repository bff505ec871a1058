#include "refuse_path.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/host/run/resume.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kLongest = 300;

std::optional<host::BegunRun> run_in(const fs::path& directory) {
  try {
    return host::begun_run(directory);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// In the form in which a command line names a plugin.
std::string as_argument(const ConfigValue& component) {
  if (component.kind == ConfigValue::Kind::scalar) return component.scalar;
  std::vector<std::string> entries;
  for (const auto& [key, value] : component.entries)
    if (value.kind == ConfigValue::Kind::scalar) entries.push_back(fmt::format("{}: {}", key, value.scalar));
  return fmt::format("\"{{{}}}\"", fmt::join(entries, ", "));
}

/// The best by the first objective, or the first that was found where nothing was measured.
std::string best_of(const json& summary) {
  const json& objectives = summary.at("objectives");
  const std::string objective = objectives.empty() ? "" : objectives.at(0).at("name").get<std::string>();
  const double sign = objectives.empty() || objectives.at(0).at("direction") == "maximize" ? 1.0 : -1.0;
  std::string best;
  std::optional<double> best_value;
  for (const json& optimizer : summary.at("optimizers")) {
    for (const json& result : optimizer.at("results")) {
      const json& values = result.at("values");
      const auto value = values.contains(objective) ? std::optional(sign * values.at(objective).get<double>())
                                                    : std::nullopt;
      if (!best.empty() && (!value || (best_value && *value <= *best_value))) continue;
      best = result.at("architecture").get<std::string>();
      best_value = value;
    }
  }
  return best;
}

std::string found_in(const fs::path& directory, const host::BegunRun& run) {
  if (const ConfigValue* const architecture = run.config.find("architecture")) return architecture->scalar;
  std::ifstream file(directory / "summary.json");
  try {
    return best_of(json::parse(file));
  } catch (const json::exception&) {
    return {};  // not finished, or damaged, which `espalier resume` says
  }
}

std::string expected_of(const std::string& argument) {
  return argument == "ARCHITECTURE" ? "the string of an architecture, as `espalier sample` prints it"
                                    : "NAME, or \"{name: NAME, option: value}\"";
}

std::string remedy_for(const std::string& text, const host::BegunRun& run) {
  const ConfigValue* const space = run.config.find("search_space");
  const std::string architecture = found_in(text, run);
  if (space == nullptr || architecture.empty())
    return fmt::format("finish the run first, which then shows what it found: `espalier resume {}`", text);
  return fmt::format("write its search space and the best architecture that it found: {} '{}'",
                     as_argument(*space), architecture);
}

}  // namespace

void refuse_path(const std::string& text, const std::string& argument) {
  std::error_code ignored;
  const fs::file_status status = fs::status(text, ignored);
  const std::string where = fmt::format("argument {}", argument);
  if (fs::is_directory(status)) {
    if (const auto run = run_in(text))
      throw UsageError({.what = fmt::format("{} is the directory of a run", quoted(text, kLongest)),
                        .where = where,
                        .expected = expected_of(argument),
                        .remedy = remedy_for(text, *run)});
  }
  const bool is_path = text.find('/') != text.npos || text.find('.') != text.npos;
  if (is_path && fs::is_regular_file(status))
    throw UsageError({.what = fmt::format("{} is a file", quoted(text, kLongest)),
                      .where = where,
                      .expected = expected_of(argument),
                      .remedy = text.ends_with(".yaml") ? "to run a config: espalier run " + text : ""});
}

}  // namespace espalier::program
