#include "table.h"

#include <algorithm>
#include <string_view>

#include "espalier/errors/errors.h"

using espalier::Error;

namespace {

/// The index in `space` of the architecture that a cell of a table holds.
std::size_t index_in(const espalier::SearchSpace& space, std::string_view cell, const TableReader& reader) {
  try {
    return static_cast<std::size_t>(space.index_of(space.parse(cell)));
  } catch (const Error& error) {
    reader.refuse(error.details().what);
  }
}

}  // namespace

Table Table::by_architecture(const std::filesystem::path& file, std::uint32_t crc,
                             const espalier::SearchSpace& space) {
  TableReader reader(file, crc);
  const std::size_t arch = reader.position("arch");
  TableColumns columns = reader.read({arch}, static_cast<std::size_t>(space.size()), [&](const Cells& cells) {
    return index_in(space, cells[arch], reader);
  });
  return {file, crc, std::move(columns), {}};
}

Table Table::by_number(const std::filesystem::path& file, std::uint32_t crc,
                       const espalier::SearchSpace& space) {
  TableReader reader(file, crc);
  const std::size_t arch = reader.position("arch");
  const std::size_t index = reader.position("index");
  const auto size = static_cast<std::size_t>(space.size());

  std::vector<std::size_t> rows(size, size);
  TableColumns columns = reader.read({arch, index}, size, [&](const Cells& cells) {
    std::size_t row = 0;
    if (!parse_number(cells[index], row) || row >= size || rows[row] != size) {
      reader.refuse("\"" + std::string(cells[index]) + "\" is not an index, or was in the table before",
                    "each of 0 … " + std::to_string(size - 1) + " once");
    }
    return rows[row] = index_in(space, cells[arch], reader);
  });
  return {file, crc, std::move(columns), std::move(rows)};
}

Table Table::by_row(const std::filesystem::path& file, std::uint32_t crc,
                    const std::vector<std::size_t>& rows, TableReader::Missing missing) {
  TableReader reader(file, crc);
  const std::size_t index = reader.position("index");

  const auto slot_of = [&](const Cells& cells) {
    std::size_t row = 0;
    if (!parse_number(cells[index], row) || row >= rows.size()) {
      reader.refuse("\"" + std::string(cells[index]) + "\" is not an index",
                    "0 … " + std::to_string(rows.size() - 1));
    }
    return rows[row];
  };
  return {file, crc, reader.read({index}, rows.size(), slot_of, missing), rows};
}

const std::vector<double>& Table::column(const std::string& name) const {
  const auto found = std::find(columns_.names.begin(), columns_.names.end(), name);
  if (found == columns_.names.end()) {
    throw Error(
        {.what = "the table has no column \"" + name + "\"", .where = file_.string(), .remedy = remedy_});
  }
  return columns_.values[static_cast<std::size_t>(found - columns_.names.begin())];
}
