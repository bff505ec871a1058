#include "page/table_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <functional>

#include "page/escape.h"

namespace espalier::page {
namespace {

using Written = std::function<std::string(const Cell& cell)>;

/// The cells of a row, as many as there are columns.
std::vector<std::string> written_row(const Table& table, const std::vector<Cell>& row,
                                     const Written& written) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    cells.push_back(i < row.size() ? written(row[i]) : std::string());
  return cells;
}

std::vector<Cell> titles(const Table& table) {
  std::vector<Cell> cells;
  for (const Table::Column& column : table.columns) cells.push_back({.text = column.title});
  return cells;
}

/// Whether a text says nothing but a number, such as "1,073", "-0.5", "+0.17" or "< 0.001".
bool is_number(std::string text) {
  std::erase(text, ',');
  if (text.starts_with('+')) text.erase(0, 1);
  if (text.starts_with("< ")) text.erase(0, 2);
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && at == end;
}

std::string csv_cell(const Cell& cell) {
  const bool number = cell.number && std::isfinite(*cell.number) && is_number(cell.text);
  return number ? fmt::to_string(*cell.number) : csv(cell.text);
}

}  // namespace

std::string to_markdown(const Table& table) {
  const auto line = [&](const std::vector<Cell>& row) {
    const Written written = [](const Cell& cell) { return markdown(cell.text); };
    return fmt::format("| {} |\n", fmt::join(written_row(table, row, written), " | "));
  };
  std::string text = line(titles(table)) + "|";
  for (const Table::Column& column : table.columns) text += column.number ? "---:|" : "---|";
  text += "\n";
  for (const std::vector<Cell>& row : table.rows) text += line(row);
  return text;
}

std::string to_latex(const Table& table) {
  const auto line = [&](const std::vector<Cell>& row) {
    const Written written = [](const Cell& cell) { return latex(cell.text); };
    return fmt::format("    {} \\\\\n", fmt::join(written_row(table, row, written), " & "));
  };
  std::string columns;
  for (const Table::Column& column : table.columns) columns += column.number ? 'r' : 'l';
  std::string text = fmt::format(
      "% Needs \\usepackage{{booktabs}}.\n\\begin{{table}}\n  \\centering\n  \\caption{{{}. {}}}\n"
      "  \\label{{tab:{}}}\n  \\begin{{tabular}}{{{}}}\n    \\toprule\n",
      latex(table.title), latex(table.caption), table.id, columns);
  text += line(titles(table)) + "    \\midrule\n";
  for (const std::vector<Cell>& row : table.rows) text += line(row);
  return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

std::string to_csv(const Table& table) {
  const auto line = [&](const std::vector<Cell>& row) {
    return fmt::format("{}\r\n", fmt::join(written_row(table, row, csv_cell), ","));
  };
  std::string text = line(titles(table));
  for (const std::vector<Cell>& row : table.rows) text += line(row);
  return text;
}

}  // namespace espalier::page
