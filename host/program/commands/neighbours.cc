#include <memory>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/space/search_space.h"
#include "text/line_list.h"

namespace espalier::program {
namespace {

struct NeighboursOptions {
  Folders plugin_path;
  std::string space;
  std::string architecture;
  bool json = false;
};

void neighbours(const NeighboursOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto space = make_space(registry, options.space);
  LineList lines(options.json);
  for (const Architecture& neighbour : space->neighbours(parse_architecture(*space, options.architecture)))
    lines.add(space->to_string(neighbour));
  lines.end();
}

}  // namespace

void add_neighbours(CLI::App& program) {
  auto options = std::make_shared<NeighboursOptions>();
  CLI::App* command =
      program.add_subcommand("neighbours", "List every architecture that one change leads to, one per line");
  add_space(*command, options->space);
  command->add_option("ARCHITECTURE", options->architecture, "a canonical string, as `sample` prints it")
      ->type_name("")
      ->required();
  add_json(*command, options->json);
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier neighbours nasbench201 "
                          "'|none~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_3x3~2|'"});
  command->callback([options] { neighbours(*options); });
}

}  // namespace espalier::program
