#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/host/files/write_file.h"
#include "espalier/host/report/trials.h"
#include "text/output.h"

namespace espalier::program {
namespace {

struct TrialsOptions {
  Folders plugin_path;
  std::vector<std::filesystem::path> directories;
  std::filesystem::path file;
};

void trials(const TrialsOptions& options) {
  std::vector<std::unique_ptr<host::PluginRegistry>> registries;
  std::vector<host::RunToList> runs;
  for (const auto& directory : options.directories) {
    const host::BegunRun begun = host::begun_run(directory);
    registries.push_back(make_registry(begun, options.plugin_path));
    runs.push_back({.directory = directory, .begun = begun, .registry = registries.back().get()});
  }
  if (options.file.empty()) return host::write_trials(runs, [](std::string_view text) { print(text); });
  host::write_file(
      options.file, [&](const host::WritePiece& write) { host::write_trials(runs, write); },
      host::Durability::process);
}

}  // namespace

void add_trials(CLI::App& program) {
  auto options = std::make_shared<TrialsOptions>();
  CLI::App* command = program.add_subcommand(
      "trials", "Write one table of all trials and epochs of runs, as CSV: for pandas, R or a spreadsheet");
  command->add_option("DIR", options->directories, "directories of runs, finished or not")
      ->type_name("")
      ->required();
  command->add_option("-o,--out", options->file, "the table's file (default: standard output)")
      ->type_name("FILE");
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier trials runs/quickstart -o trials.csv",
                          "espalier trials runs/* -o all.csv   # the column run tells them apart"});
  command->callback([options] { trials(*options); });
}

}  // namespace espalier::program
