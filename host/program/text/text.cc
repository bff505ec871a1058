#include "text/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "espalier/errors/quoted.h"

namespace espalier::program {
namespace {

/// Characters, not bytes, of UTF-8 text.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t end = text.size(); end > first + 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

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

void Table::add(std::vector<std::string> row) {
  constexpr std::size_t longest = 2000;
  for (std::string& cell : row) cell = printable(cell, longest);
  rows_.push_back(std::move(row));
}

std::string Table::render(std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }

  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out(indent);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - width(cells[i]), ' ');
      if (i > 0) out += "  ";
      out += columns_[i].align == Align::right ? padding + cells[i] : cells[i] + padding;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    text += out + "\n";
  };

  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  line(titles);
  std::size_t total = 2 * (columns_.size() - 1);
  for (const std::size_t w : widths) total += w;
  std::string rule(indent);
  for (std::size_t i = 0; i < total; ++i) rule += "─";
  rule += "\n";
  text += rule;
  for (const auto& row : rows_) {
    if (row.empty()) {
      text += rule;
    } else {
      line(row);
    }
  }
  return text;
}

}  // namespace espalier::program
