#include "commands/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/host/report/reported_run.h"
#include "espalier/host/report/shell_quoted.h"
#include "espalier/host/report/tensorboard.h"
#include "page/document_json.h"
#include "page/report_of_runs.h"
#include "page/write_report.h"
#include "text/output.h"

namespace espalier::program {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  Folders plugin_path;
  std::vector<fs::path> directories;
  fs::path folder;
  fs::path tensorboard;
  bool follow = false;
  bool json = false;
};

/// Plugins of a run stay loaded as long as its space lives.
struct ReadRuns {
  std::vector<std::unique_ptr<host::PluginRegistry>> registries;
  std::vector<host::ReportedRun> runs;
};

ReadRuns read_runs(const std::vector<fs::path>& directories, const Folders& plugin_path) {
  ReadRuns read;
  for (const fs::path& directory : directories) {
    read.registries.push_back(make_registry(host::begun_run(directory), plugin_path));
    read.runs.push_back(host::read_run(directory, *read.registries.back()));
  }
  return read;
}

page::Document document_of(const std::vector<fs::path>& directories, const Folders& plugin_path) {
  ReadRuns read = read_runs(directories, plugin_path);
  return page::report_of_runs(read.runs);
}

fs::path folder_of(const std::vector<fs::path>& directories, const fs::path& folder) {
  if (!folder.empty()) return folder;
  if (directories.size() == 1) return directories.front() / "report";
  throw UsageError({.what = "a report of several runs needs a folder",
                    .where = "option --out",
                    .expected = "a folder for the report",
                    .remedy = "add -o DIR"});
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// What stands in the way of believing the figures comes first on the page, and here last.
std::string text_of(const page::Document& document, const page::WrittenReport& written) {
  std::size_t figures = 0;
  std::size_t tables = 0;
  page::for_each_part<page::Figure>(document, [&](const page::Figure&) { ++figures; });
  page::for_each_part<page::Table>(document, [&](const page::Table&) { ++tables; });
  std::string text = fmt::format("report: {} ({}, {})\n", written.page.string(), counted(figures, "figure"),
                                 counted(tables, "table"));
  for (const std::string& remark : written.remarks) text += remark + "\n";
  constexpr std::size_t most = 5;
  std::size_t warnings = 0;
  for (const host::Alarm& alarm : document.alarms)
    if (alarm.weight != host::Alarm::Weight::note && ++warnings <= most)
      text += "warning: " + alarm.text + "\n";
  if (warnings > most)
    text += fmt::format("The page begins with {} more.\n", counted(warnings - most, "warning"));
  return text;
}

/// Writes the page again and again until nothing is left to do. Ctrl-C ends it; the files are whole at any
/// moment.
void follow(const ReportOptions& options, const fs::path& folder) {
  constexpr int seconds = 5;
  print(fmt::format("following; open {} in a browser. Ctrl-C ends this, and not the run.\n",
                    (folder / "report.html").string()));
  flush_output();
  while (true) {
    const page::Document document = document_of(options.directories, options.plugin_path);
    if (!document.unfinished) return;  // no process works on any of them
    page::write_report(document, folder, {.figures = false, .refresh = seconds});
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
  }
}

/// A run that is named twice would be compared with itself.
void refuse_repeated(const std::vector<fs::path>& directories) {
  std::error_code error;
  for (std::size_t i = 0; i < directories.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (fs::equivalent(directories[i], directories[j], error))
        throw UsageError({.what = "this run is named twice",
                          .where = directories[i].string(),
                          .expected = "each run once",
                          .remedy = "leave one of them out"});
}

void report(const ReportOptions& options) {
  refuse_repeated(options.directories);
  if (options.json)
    return print(page::json_text(page::to_json(document_of(options.directories, options.plugin_path)), 2) +
                 "\n");
  if (!options.tensorboard.empty()) {
    const ReadRuns read = read_runs(options.directories, options.plugin_path);
    host::write_tensorboard(read.runs, options.tensorboard);
    print(fmt::format("event files: {0}\nnext:\n  tensorboard --logdir {0}\n",
                      host::shell_quoted(options.tensorboard.string())));
    if (options.folder.empty()) return;
  }
  if (options.follow) follow(options, folder_of(options.directories, options.folder));
  print(write_report_of(options.directories, options.folder, options.plugin_path));
}

}  // namespace

std::string write_report_of(const std::vector<fs::path>& directories, fs::path folder,
                            const Folders& plugin_path) {
  folder = folder_of(directories, folder);
  const page::Document document = document_of(directories, plugin_path);
  return text_of(document, page::write_report(document, folder));
}

void add_report(CLI::App& program) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = program.add_subcommand(
      "report",
      "Write a page with figures and tables of one or several runs, and each as a file for a paper");
  command->add_option("RUN", options->directories, "directories of runs, finished or not")
      ->type_name("")
      ->required();
  command
      ->add_option("-o,--out", options->folder,
                   "the folder of the report (default: report in the directory of a single run)")
      ->type_name("DIR");
  CLI::Option* const following = command->add_flag(
      "--follow", options->follow,
      "write the page again every five seconds while the runs go on; an open page loads itself again");
  CLI::Option* const tensorboard =
      command
          ->add_option(
              "--tensorboard", options->tensorboard,
              "write event files for TensorBoard into this folder; no page, unless --out names its folder")
          ->type_name("DIR");
  add_json(*command, options->json);
  command->get_option("--json")
      ->excludes(following)
      ->excludes(tensorboard)
      ->excludes(command->get_option("--out"));
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier report runs/quickstart", "espalier report runs/c10 runs/c100 -o compared",
                          "espalier report runs/quickstart --follow"});
  command->callback([options] { report(*options); });
}

}  // namespace espalier::program
