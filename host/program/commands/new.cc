#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/project_kinds.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/files/write_file.h"
#include "project_templates.h"
#include "text/output.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;

struct NewOptions {
  std::string kind;
  std::string name;
  fs::path folder;
};

/// "my_optimizer" → "MyOptimizer".
std::string class_name(const std::string& name) {
  std::string result;
  bool first = true;
  for (const char letter : name) {
    if (letter != '_') result += first ? static_cast<char>(std::toupper(letter)) : letter;
    first = letter == '_';
  }
  return result;
}

/// "My-Optimizer 2" → "my_optimizer_2"; empty where nothing is left of it.
std::string repaired(const std::string& name) {
  std::string result;
  for (const unsigned char letter : name) {
    if (std::isalnum(letter) != 0) {
      result += static_cast<char>(std::tolower(letter));
    } else if (!result.empty() && result.back() != '_') {
      result += '_';
    }
  }
  result.erase(result.find_last_not_of('_') + 1);
  result.erase(0, result.find_first_not_of("0123456789_"));
  return result;
}

void check_name(const std::string& name) {
  if (!name.empty() && name == repaired(name)) return;
  throw UsageError({.what = fmt::format("\"{}\" cannot name a plugin", name),
                    .where = "argument NAME",
                    .expected = "lower-case letters, digits and single underscores, a letter first",
                    .nearest = repaired(name)});
}

void check_kind(const std::string& kind) {
  const std::vector<std::string> kinds = project_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  throw UsageError({.what = fmt::format("no project can be made for the kind \"{}\"", kind),
                    .where = "argument KIND",
                    .expected = "one of " + join_names(kinds),
                    .nearest = nearest(kind, kinds)});
}

void check_new(const std::string& kind, const std::string& name) {
  for (const host::PluginFile& file : make_registry({}).list()) {
    if (file.kind != kind || file.name != name) continue;
    throw UsageError({.what = fmt::format("there is a plugin of this kind and name already: {}", name),
                      .where = file.file.string(),
                      .expected = "a name of its own, for of two alike neither is loaded"});
  }
}

void make_folder(const fs::path& folder) {
  const auto refuse = [&](const std::string& what) {
    throw UsageError({.what = what,
                      .where = folder.string(),
                      .expected = "an empty folder, or one to be made",
                      .remedy = "name another folder with --out"});
  };
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_empty(folder, error) && !error) refuse("the folder is not empty");
  if (error == std::errc::not_a_directory || error == std::errc::file_exists)
    refuse("a file stands where a folder is needed");
  if (error) {
    throw Error({.what = fmt::format("cannot make the folder: {}", error.message()),
                 .where = folder.string(),
                 .remedy = "name another folder with --out"});
  }
}

void make_project(const NewOptions& options) {
  const std::string kind = options.kind == "space" ? "search_space" : options.kind;
  check_kind(kind);
  check_name(options.name);
  check_new(kind == "one_shot_optimizer" ? "optimizer"
            : kind == "layer"            ? "search_space"
                                         : kind,
            options.name);
  const fs::path folder = options.folder.empty() ? fs::path(options.name) : options.folder;
  make_folder(folder);
  const auto named = [&](std::string_view text) {
    std::string result(text);
    boost::replace_all(result, "my_" + kind, options.name);
    boost::replace_all(result, class_name("my_" + kind), class_name(options.name));
    return result;
  };
  for (const TemplateFile& file : kProjectTemplates) {
    if (file.kind != kind) continue;
    const fs::path path = folder / named(file.name);
    host::write_file(path, named(file.text), host::Durability::process);
    print(path.string() + "\n");
  }
  print(
      fmt::format("\nBuild and test it in {}:\n"
                  "  cmake -B build\n"
                  "  cmake --build build\n"
                  "  ctest --test-dir build\n"
                  "The plugin is found with --plugin-path build.\n",
                  folder.string()));
}

}  // namespace

std::vector<std::string> project_kinds() {
  std::vector<std::string> kinds;
  for (const TemplateFile& file : kProjectTemplates) {
    if (kinds.empty() || kinds.back() != file.kind) kinds.emplace_back(file.kind);
  }
  return kinds;
}

void add_new(CLI::App& program) {
  auto options = std::make_shared<NewOptions>();
  CLI::App* command =
      program.add_subcommand("new", "Start a plugin of your own: a project that builds and has tests");
  command->add_option("KIND", options->kind, join_names(project_kinds()) + " (or space)")
      ->type_name("")
      ->required();
  command->add_option("NAME", options->name, "the name that configs will use, such as my_optimizer")
      ->type_name("")
      ->required();
  command->add_option("-o,--out", options->folder, "the folder of the project (default NAME)")
      ->type_name("DIR");
  set_examples(*command,
               {"espalier new optimizer my_optimizer", "espalier new layer swish -o plugins/swish"});
  command->callback([options] { make_project(*options); });
}

}  // namespace espalier::program
