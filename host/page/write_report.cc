#include "page/write_report.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <system_error>

#include "espalier/errors/errors.h"
#include "espalier/host/files/write_file.h"
#include "page/document_json.h"
#include "page/figure_files.h"
#include "page/html.h"
#include "page/markdown.h"
#include "page/table_text.h"
#include "page/written_files.h"

namespace espalier::page {
namespace {

namespace fs = std::filesystem;

/// Ids name files and places in the page.
void check_ids(const Document& document) {
  std::set<std::string> ids;
  const auto check = [&](const std::string& id) {
    if (!is_id(id)) throw std::invalid_argument("not an id of letters, digits and hyphens: " + id);
    if (!ids.insert(id).second) throw std::invalid_argument("two parts of a document have the id " + id);
  };
  for (const Section& section : document.sections) {
    check(section.id);
    for (const auto& item : section.items) std::visit([&](const auto& part) { check(part.id); }, item);
  }
}

void make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed && fs::is_directory(folder)) return;
  const bool file = fs::exists(fs::symlink_status(folder)) && !fs::is_directory(folder);
  throw Error(
      {.what = "cannot make the folder of the report" + (failed ? ": " + failed.message() : std::string()),
       .where = folder.string(),
       .remedy = file ? "a file has that name: name another folder with --out"
                      : "make it accessible, or name another folder with --out"});
}

/// Nothing that another than a report wrote is overwritten.
void check_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / kFileList, ignored) || fs::is_empty(folder, ignored) || ignored) return;
  throw Error({.what = "this folder holds something other than a report",
               .where = folder.string(),
               .expected = "a new or empty folder, or that of an older report",
               .remedy = "name another with --out"});
}

ReportFiles all_files(const Document& document, const WriteOptions& options, WrittenReport& report) {
  ReportFiles files;
  if (options.figures) {
    FigureFiles figures = draw_figures(document);
    for (auto& [name, content] : figures.contents) files["figures/" + name] = std::move(content);
    report.remarks = std::move(figures.remarks);
  }
  for_each_part<Table>(document, [&](const Table& table) {
    files["tables/" + table.id + ".md"] = to_markdown(table);
    files["tables/" + table.id + ".tex"] = to_latex(table);
    files["tables/" + table.id + ".csv"] = to_csv(table);
  });
  std::set<std::string> names;
  for (const auto& [name, content] : files) names.insert(name);
  files["report.html"] = to_html(document, {.refresh = options.refresh});
  files["report.md"] = to_markdown(document, names);
  files["report.json"] = json_text(to_json(document), 1) + "\n";
  return files;
}

}  // namespace

WrittenReport write_report(const Document& document, const fs::path& folder, const WriteOptions& options) {
  check_ids(document);
  make_folder(folder);
  check_folder(folder);
  WrittenReport report{.page = folder / "report.html", .files = {}, .remarks = {}};
  const ReportFiles files = all_files(document, options, report);
  for (const std::string& remark : remove_older_files(folder, files)) report.remarks.push_back(remark);
  for (const auto& [name, content] : files) {
    make_folder((folder / name).parent_path());
    // A report can be made again at any time: it need not survive a power failure.
    host::write_file(folder / name, content, host::Durability::process);
    report.files.push_back(name);
  }
  host::write_file(folder / kFileList, file_list(files), host::Durability::process);
  report.files.emplace_back(kFileList);
  return report;
}

}  // namespace espalier::page
