#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/host/files/write_file.h"
#include "espalier/space/search_space.h"
#include "picture/graph_picture.h"
#include "picture/render.h"

namespace espalier::program {
namespace {

struct DrawOptions {
  Folders plugin_path;
  std::string space;
  std::optional<std::string> architecture;
  std::filesystem::path file;
};

/// "svg" of "cells/best.SVG".
std::string format_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  const std::vector<std::string>& formats = picture::formats();
  if (!ending.empty() && std::find(formats.begin(), formats.end(), ending.substr(1)) != formats.end())
    return ending.substr(1);
  std::vector<std::string> endings(formats.size());
  std::transform(formats.begin(), formats.end(), endings.begin(),
                 [](const std::string& format) { return "." + format; });
  throw UsageError({.what = ending.empty() ? "the name of the picture has no ending"
                                           : fmt::format("no picture ends in \"{}\"", ending),
                    .where = fmt::format("option --out ({})", file.string()),
                    .expected = "one of " + join_names(endings),
                    .nearest = nearest(ending, endings)});
}

void draw(const DrawOptions& options) {
  const std::string format = format_of(options.file);
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto space = make_space(registry, options.space);
  const Graph graph = options.architecture
                          ? space->instantiate(parse_architecture(*space, *options.architecture))
                          : space->graph();
  host::write_file(options.file, picture::render(picture::describe_picture(graph, space->graph()), format),
                   host::Durability::process);
}

}  // namespace

void add_draw(CLI::App& program) {
  auto options = std::make_shared<DrawOptions>();
  CLI::App* command =
      program.add_subcommand("draw", "Draw a space or an architecture: the network, its cells and motifs");
  add_space(*command, options->space);
  command->add_option("ARCHITECTURE", options->architecture, "a canonical string; without it, the supernet")
      ->type_name("");
  command->add_option("-o,--out", options->file, "the picture: a file named .svg, .png, .pdf or .dot")
      ->type_name("FILE")
      ->required();
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier draw nasbench201 -o space.svg",
                          "espalier draw nasbench201 \"$(espalier sample nasbench201)\" -o cell.png"});
  command->callback([options] { draw(*options); });
}

}  // namespace espalier::program
