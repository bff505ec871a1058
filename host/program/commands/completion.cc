#include "commands/completion.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "arguments.h"
#include "cli.h"
#include "command_tree.h"
#include "commands/commands.h"
#include "commands/complete_override.h"
#include "commands/project_kinds.h"
#include "completion_scripts.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/run/resume.h"
#include "espalier/search/benchmark.h"
#include "looked_up_metric.h"
#include "text/output.h"

namespace espalier::program {
namespace {

using Words = std::vector<std::string>;

/// Where the cursor stands: in which command, at which of its positions or after which option.
struct Cursor {
  CLI::App* command = nullptr;
  Words positions;      ///< the positional arguments before the cursor
  std::string option;   ///< the option whose value is being written
  Folders plugin_path;  ///< as given so far
};

Cursor locate(CLI::App& program, const Words& words) {
  Cursor cursor{.command = &program, .positions = {}, .option = {}, .plugin_path = {}};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string option = std::exchange(cursor.option, {});
    if (!option.empty()) {
      if (option == "--plugin-path") cursor.plugin_path.emplace_back(word);
      continue;
    }
    if (word.size() > 1 && word.front() == '-') {
      const CLI::Option* known = cursor.command->get_option_no_throw(word);
      if (known != nullptr && known->get_items_expected_max() > 0) cursor.option = word;
      continue;
    }
    CLI::App* command = cursor.positions.empty() ? find_command(*cursor.command, word) : nullptr;
    if (command != nullptr) {
      cursor.command = command;
    } else {
      cursor.positions.push_back(word);
    }
  }
  return cursor;
}

Words plugin_names(const Cursor& cursor, std::string kind) {
  if (kind == "space") kind = "search_space";
  Words names;
  for (const host::PluginFile& plugin : make_registry(cursor.plugin_path).list()) {
    if (plugin.kind == kind && plugin.problem.empty()) names.push_back(plugin.name);
  }
  return names;
}

Words option_names(const CLI::App& command) {
  Words names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// Levels of the log, spaces, and datasets and metrics that the benchmark named before them knows.
Words option_values(const Cursor& cursor) {
  if (cursor.option == "--log-level") return {"trace", "debug", "info", "warn", "error", "off"};
  if (cursor.option == "--space") return plugin_names(cursor, "search_space");
  if (cursor.option == "--dataset" && cursor.command->get_name() != "query")
    return plugin_names(cursor, "dataset");
  if (cursor.positions.empty() || (cursor.option != "--dataset" && cursor.option != "--metric")) return {};
  const auto benchmark = make_registry(cursor.plugin_path).make<Benchmark>(cursor.positions.front());
  if (cursor.option == "--dataset") return benchmark->datasets();
  Words names;
  for (const Metric& metric : benchmark->metrics()) names.push_back(metric.name);
  return names;
}

/// Benchmarks, metrics of spaces and, behind the colon, metrics of a benchmark.
Words looked_up_metrics(const Cursor& cursor, const std::string& partial) {
  const std::size_t colon = partial.find(':');
  Words words;
  if (colon == partial.npos) {
    words = plugin_names(cursor, "benchmark");
    words.insert(words.end(), space_metrics().begin(), space_metrics().end());
    return words;
  }
  const std::string name = partial.substr(0, colon);
  for (const Metric& metric : make_registry(cursor.plugin_path).make<Benchmark>(name)->metrics())
    words.push_back(name + ":" + metric.name);
  return words;
}

/// The commands below those that stand before.
Words help_words(const Cursor& cursor) {
  CLI::App* command = cursor.command->get_parent();
  for (const std::string& name : cursor.positions)
    if (command != nullptr) command = find_command(*command, name);
  return command == nullptr ? Words() : command_names(*command);
}

/// The config of which the command line replaces values, as far as it is there and right. `folders` gets
/// those in which its plugins are.
ConfigValue config_of(const Cursor& cursor, Folders& folders) {
  const std::string& command = cursor.command->get_name();
  ConfigValue config = ConfigValue::map();
  if (command == "run") config = host::load_yaml(cursor.positions.front());
  if (command == "resume") {
    const host::BegunRun begun = host::begun_run(cursor.positions.front());
    config = begun.config;
    folders.insert(folders.end(), begun.plugin_path.begin(), begun.plugin_path.end());
  }
  const Folders named = host::RunConfig::plugin_path_of(config);
  folders.insert(folders.end(), named.begin(), named.end());
  for (std::size_t i = 1; i < cursor.positions.size(); ++i) {
    try {
      host::apply_override(config, cursor.positions[i]);
    } catch (const UsageError&) {  // the command itself will say so
    }
  }
  return config;
}

Words override_values(const Cursor& cursor, const std::string& partial) {
  Folders folders = cursor.plugin_path;
  const ConfigValue config = config_of(cursor, folders);
  host::PluginRegistry registry = make_registry(folders);
  if (cursor.command->get_name() != "evaluate") return complete_override(registry, config, partial);
  const std::string section = "evaluate.";
  Words words;
  for (const std::string& word :
       complete_override(registry, ConfigValue::map({{"evaluate", config}}), section + partial))
    words.push_back(word.substr(section.size()));
  return words;
}

Words position_values(const Cursor& cursor, const std::string& partial) {
  const std::string& command = cursor.command->get_name();
  const std::size_t position = cursor.positions.size();
  if (command == "help") return help_words(cursor);
  if (command == "describe") {
    if (position == 0) return {plugin_kinds().begin(), plugin_kinds().end()};
    return position == 1 ? plugin_names(cursor, cursor.positions.front()) : Words();
  }
  if (command == "new") return position == 0 ? project_kinds() : Words();
  if (command == "rank") return position < 2 ? looked_up_metrics(cursor, partial) : Words();
  const bool assigns = command == "run" || command == "resume" || command == "evaluate";
  if (position > 0) return assigns ? override_values(cursor, partial) : Words();
  if (command == "query") return plugin_names(cursor, "benchmark");
  if (command == "sample" || command == "neighbours" || command == "inspect" || command == "draw")
    return plugin_names(cursor, "search_space");
  if (command == "completion") return {"bash", "zsh", "fish"};
  return command_names(*cursor.command);
}

void print_script(const std::string& shell) {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  if (shell == "bash") return print(kBashCompletion);
  if (shell == "zsh") return print(kZshCompletion);
  if (shell == "fish") return print(kFishCompletion);
  throw UsageError({.what = "no completion for the shell \"" + shell + "\"",
                    .where = "argument SHELL",
                    .expected = "one of " + join_names(shells),
                    .nearest = nearest(shell, shells)});
}

}  // namespace

std::vector<std::string> complete(CLI::App& program, const std::vector<std::string>& words) {
  const std::string partial = words.empty() ? "" : words.back();
  const Cursor cursor = locate(program, words);
  Words found;
  spdlog::set_level(spdlog::level::off);  // a note would be taken for a word
  try {
    if (!cursor.option.empty()) {
      found = option_values(cursor);
    } else if (!partial.empty() && partial.front() == '-') {
      found = option_names(*cursor.command);
    } else {
      found = position_values(cursor, partial);
    }
  } catch (const std::exception&) {  // a command line in the making may be wrong: complete nothing
    return {};
  }
  found.erase(
      std::remove_if(found.begin(), found.end(),
                     [&](const std::string& word) { return word.compare(0, partial.size(), partial) != 0; }),
      found.end());
  return found;
}

void add_completion(CLI::App& program) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      program.add_subcommand("completion", "Print a script that completes `espalier` command lines");
  command->add_option("SHELL", *shell, "bash, zsh or fish")->type_name("")->required();
  set_examples(*command, {"source <(espalier completion bash)",
                          "espalier completion fish > ~/.config/fish/completions/espalier.fish"});
  command->callback([shell] { print_script(*shell); });
}

}  // namespace espalier::program
