#include <memory>
#include <string>

#include "arguments.h"
#include "cli.h"
#include "commands/commands.h"
#include "espalier/space/search_space.h"
#include "text/output.h"

namespace espalier::program {
namespace {

struct NeighboursOptions {
  Folders plugin_path;
  std::string space;
  std::string architecture;
};

void neighbours(const NeighboursOptions& options) {
  host::PluginRegistry registry = make_registry(options.plugin_path);
  const auto space = make_space(registry, options.space);
  for (const Architecture& neighbour : space->neighbours(space->parse(options.architecture))) {
    print(space->to_string(neighbour) + "\n");
  }
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
  add_plugin_path(*command, options->plugin_path);
  set_examples(*command, {"espalier neighbours nasbench201 "
                          "'|none~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_3x3~2|'"});
  command->callback([options] { neighbours(*options); });
}

}  // namespace espalier::program
