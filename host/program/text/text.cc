#include "text/text.h"

#include <fmt/format.h>

#include "text/output.h"

namespace espalier::program {
std::string count_text(double number) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  return number < exact ? grouped(static_cast<std::int64_t>(number)) : fmt::format("about {:.3g}", number);
}

std::string better_text(const Metric& metric) {
  return metric.direction == Direction::minimize ? "lower" : "higher";
}

std::string comma_list(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string Table::render(std::string_view indent) const {
  return host::Table::render({.indent = indent, .width = output_width()});
}

}  // namespace espalier::program
