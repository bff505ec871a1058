#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "arguments.h"
#include "cli.h"
#include "command_tree.h"
#include "commands/commands.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "text/output.h"

namespace espalier::program {
namespace {

/// What `espalier COMMAND --help` prints, "plugins check" too.
std::string help_of(CLI::App& program, const std::vector<std::string>& path) {
  CLI::App* command = &program;
  for (const std::string& name : path) {
    CLI::App* const next = find_command(*command, name);
    if (next == nullptr) {
      const std::vector<std::string> names = command_names(*command);
      throw UsageError(
          {.what = fmt::format("`{}` has no command \"{}\"", full_name(*command), name),
           .where = "argument COMMAND",
           .expected = names.empty() ? "the name of a command alone" : "one of " + join_names(names),
           .nearest = nearest(name, names)});
    }
    command = next;
  }
  // CLI::App::help() would print that of the command that was typed, which is this one.
  return program.get_formatter()->make_help(command, full_name(*command), CLI::AppFormatMode::Normal);
}

}  // namespace

void add_help(CLI::App& program) {
  auto path = std::make_shared<std::vector<std::string>>();
  CLI::App* command = program.add_subcommand("help", "Explain a command and its options");
  command->add_option("COMMAND", *path, "the command; without it, all are listed")->type_name("");
  set_examples(*command, {"espalier help run", "espalier help plugins check"});
  command->callback([&program, path] { print(help_of(program, *path)); });
}

}  // namespace espalier::program
