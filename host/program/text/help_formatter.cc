#include "text/help_formatter.h"

#include <fmt/format.h>

#include <algorithm>

#include "espalier/host/report/table.h"
#include "text/output.h"

namespace espalier::program {
namespace {

/// Lines of what stands right of the names, which CLI11 indents. On a very narrow terminal they stay whole.
std::string folded(const std::string& text, std::size_t column) {
  constexpr std::size_t narrowest = 20;
  const std::size_t width = output_width();
  if (width < column + narrowest) return text;
  return fmt::format("{}", fmt::join(host::fold(text, width - column), "\n"));
}

}  // namespace

HelpFormatter::HelpFormatter() {
  label("SUBCOMMAND", "COMMAND");
  label("OPTIONS", "options");
  label("REQUIRED", "");
  label("TEXT", "");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (option->get_type_size() == 0) return "";
  const std::string type = option->get_type_name();
  const std::string name = type.substr(0, type.find(':'));
  const bool several = option->get_items_expected_max() >= CLI::detail::expected_max_vector_size;
  return (name.empty() ? "" : " " + name) + (several ? " ..." : "");
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return folded(option->get_description(), get_column_width());
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::stringstream out;
  CLI::detail::format_help(out, command->get_name(), folded(command->get_description(), get_column_width()),
                           get_column_width());
  return out.str();
}

}  // namespace espalier::program
