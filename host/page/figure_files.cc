#include "page/figure_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "child/run_child.h"
#include "child/working_folder.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "page/assets.h"
#include "page/document_json.h"
#include "page/escape.h"

namespace espalier::page {
namespace {

namespace fs = std::filesystem;
using Deadline = std::chrono::steady_clock::time_point;

/// Why a program left files out; empty where it does not say.
std::string failure(const std::string& program, const std::string& package,
                    const std::optional<child::Ended>& ended) {
  if (!ended) return fmt::format("because {} was not found (apt install {})", program, package);
  if (!ended->in_time) return fmt::format("because {} took too long", program);
  if (ended->exit_code == 0 && ended->complaint.empty()) return {};
  return fmt::format(
      "because {} failed: {}", program,
      ended->complaint.empty() ? fmt::format("exit code {}", ended->exit_code) : one_line(ended->complaint));
}

std::string counted(std::size_t figures) {
  return fmt::format("{} figure{}", figures, figures == 1 ? "" : "s");
}

void draw_svg(const Document& document, const child::WorkingFolder& folder, Deadline deadline,
              FigureFiles& files) {
  const OrderedJson figures = figures_to_json(document);
  if (figures["figures"].empty()) return;
  folder.write("figures.json", json_text(figures, -1));
  folder.write("script.js", page_script());
  folder.write("write_files.js", node_script());
  const std::string why = failure("node", "nodejs librsvg2-bin",
                                  child::run_child("node", {"write_files.js"}, folder.path(), deadline));
  std::size_t missing = 0;
  for (std::size_t i = 0; i < figures["figures"].size(); ++i) {
    const auto svg = read_file(folder.path() / fmt::format("{}.svg", i));
    if (svg)
      files.contents[figures["figures"][i]["id"].get<std::string>() + ".svg"] = *svg;
    else
      ++missing;
  }
  if (missing > 0)
    files.remarks.push_back(fmt::format("Not drawn as SVG files, but in the page: {}, {}.", counted(missing),
                                        why.empty() ? "because node did not draw them" : why));
}

/// The PDF file of one picture; nothing where it cannot be made, with the reason in `why`, and `again` false
/// where the next one could not be either.
std::optional<std::string> convert_to_pdf(const std::string& svg, const child::WorkingFolder& folder,
                                          Deadline deadline, std::string& why, bool& again) {
  folder.write("in.svg", svg);
  const auto ended =
      child::run_child("rsvg-convert", {"-f", "pdf", "-o", "out.pdf", "in.svg"}, folder.path(), deadline);
  again = ended && ended->in_time;
  auto pdf = again && ended->exit_code == 0 ? read_file(folder.path() / "out.pdf") : std::nullopt;
  if (!pdf) why = failure("rsvg-convert", "librsvg2-bin", ended);
  if (!pdf && why.empty()) why = "because rsvg-convert wrote no file";
  return pdf;
}

void draw_pdf(const child::WorkingFolder& folder, Deadline deadline, FigureFiles& files) {
  std::size_t missing = 0;
  std::string why;
  bool again = true;
  const auto drawn = files.contents;
  for (const auto& [name, svg] : drawn) {
    const auto pdf = again ? convert_to_pdf(svg, folder, deadline, why, again) : std::nullopt;
    if (pdf)
      files.contents[fs::path(name).replace_extension(".pdf").string()] = *pdf;
    else
      ++missing;
  }
  if (missing > 0)
    files.remarks.push_back(fmt::format("Not written as PDF files: {}, {}.", counted(missing), why));
}

}  // namespace

FigureFiles draw_figures(const Document& document, std::chrono::seconds limit) {
  const Deadline deadline = std::chrono::steady_clock::now() + limit;
  FigureFiles files;
  for_each_part<Figure>(document, [&](const Figure& figure) {
    if (const auto* drawing = std::get_if<Drawing>(&figure.content))
      files.contents[figure.id + ".svg"] = drawing->svg;
  });
  const child::WorkingFolder folder;
  draw_svg(document, folder, deadline, files);
  draw_pdf(folder, deadline, files);
  return files;
}

}  // namespace espalier::page
