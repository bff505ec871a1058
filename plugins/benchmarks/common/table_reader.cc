#include "table_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "espalier/errors/errors.h"

using espalier::Error;

namespace {

constexpr std::size_t kMostColumns = 1000;

/// Divides a line into at most `most` cells; the last of these holds the rest of the line.
void split(std::string_view line, std::size_t most, Cells& cells) {
  cells.clear();
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (;;) {
    const std::size_t comma = cells.size() + 1 < most ? line.find(',') : line.npos;
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

TableReader::TableReader(std::filesystem::path file, std::uint32_t crc)
    : file_(std::move(file)), remedy_(remedy_for_table(crc)), text_(table_text(file_, crc)) {
  if (text_.empty()) refuse("the table is empty");
  Cells cells;
  split(std::string_view(text_).substr(0, text_.find('\n')), kMostColumns + 1, cells);
  if (cells.size() > kMostColumns)
    refuse("the table has too many columns", "at most " + std::to_string(kMostColumns));
  header_.assign(cells.begin(), cells.end());
}

void TableReader::refuse(const std::string& what, const std::string& expected) const {
  throw Error({.what = what,
               .where = file_.string() + ":" + std::to_string(line_),
               .expected = expected,
               .remedy = remedy_});
}

std::size_t TableReader::position(const char* name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) refuse(std::string("the table has no column \"") + name + "\"");
  return static_cast<std::size_t>(found - header_.begin());
}

std::size_t TableReader::rows() const {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text_, '\n'));
  return lines - (text_.ends_with('\n') ? 1 : 0);
}

TableColumns TableReader::read(const std::vector<std::size_t>& keys, std::size_t slots,
                               const std::function<std::size_t(const Cells&)>& slot_of, Missing missing) {
  TableColumns columns;
  std::vector<std::size_t> numeric;
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (std::find(keys.begin(), keys.end(), i) != keys.end()) continue;
    numeric.push_back(i);
    columns.names.push_back(header_[i]);
  }
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  columns.values.assign(numeric.size(), std::vector<double>(slots, none));

  std::vector<bool> filled(slots, false);
  Cells cells;
  std::string_view rest = text_;
  rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  while (!rest.empty()) {
    ++line_;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    split(rest.substr(0, end), header_.size() + 1, cells);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (cells.size() != header_.size()) {
      refuse("a row has " + std::to_string(cells.size()) + " cells", std::to_string(header_.size()));
    }
    const std::size_t slot = slot_of(cells);
    if (filled[slot]) refuse("the architecture is in the table twice");
    filled[slot] = true;
    for (std::size_t i = 0; i < numeric.size(); ++i) columns.values[i][slot] = number(cells, numeric[i]);
  }
  const auto lacking = std::count(filled.begin(), filled.end(), false);
  if (lacking > 0 && missing == Missing::refused) {
    refuse("the table lacks " + std::to_string(lacking) + " architectures", std::to_string(slots) + " rows");
  }
  return columns;
}

double TableReader::number(const Cells& cells, std::size_t column) const {
  double value = 0.0;
  if (!parse_number(cells[column], value) || !std::isfinite(value)) {
    refuse("\"" + std::string(cells[column]) + "\" in the column " + header_[column] + " is not a number");
  }
  return value;
}
