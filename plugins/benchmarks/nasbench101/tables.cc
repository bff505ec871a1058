#include "tables.h"

#include <algorithm>
#include <string>
#include <utility>

#include "table_reader.h"

namespace nasbench101 {
namespace {

/// CRC-32 of the published tables' text.
constexpr std::uint32_t kAllCrc = 0xb6afde90;
constexpr std::uint32_t kValidatedCrc = 0xe099448f;

std::vector<double> take(const TableReader& reader, TableColumns& columns, const std::string& name) {
  (void)reader.position(name.c_str());  // throws when there is none
  const auto found = std::ranges::find(columns.names, name);
  return std::move(columns.values[static_cast<std::size_t>(found - columns.names.begin())]);
}

}  // namespace

AllCells AllCells::read(const std::filesystem::path& file, bool verify, std::size_t cells) {
  TableReader reader(file, verify ? kAllCrc : 0);
  std::size_t row = 0;
  TableColumns columns = reader.read({}, cells, [&](const Cells&) {
    if (row == cells)
      reader.refuse("the table has more rows than the search space has cells",
                    std::to_string(cells) + " rows");
    return row++;
  });
  return {.test_accuracy = take(reader, columns, "test"), .parameters = take(reader, columns, "parameters")};
}

ValidatedCells ValidatedCells::read(const std::filesystem::path& file, bool verify, std::size_t cells) {
  TableReader reader(file, verify ? kValidatedCrc : 0);
  const std::size_t index = reader.position("index");
  ValidatedCells found;
  TableColumns columns = reader.read({index}, reader.rows(), [&](const Cells& row) {
    std::size_t cell = 0;
    const bool first = found.cells.empty();
    if (!parse_number(row[index], cell) || cell >= cells || (!first && cell <= found.cells.back()))
      reader.refuse("\"" + std::string(row[index]) + "\" is not the index of a later cell",
                    std::to_string(first ? 0 : found.cells.back() + 1) + " to " + std::to_string(cells - 1));
    found.cells.push_back(cell);
    return found.cells.size() - 1;
  });
  for (std::size_t i = 0; i < kEpochs.size(); ++i)
    found.validation_accuracy[i] = take(reader, columns, "valid_" + std::to_string(kEpochs[i]));
  found.train_seconds = take(reader, columns, "train_seconds");
  return found;
}

std::optional<std::size_t> ValidatedCells::row_of(std::uint64_t cell) const {
  const auto found = std::ranges::lower_bound(cells, cell);
  if (found == cells.end() || *found != cell) return std::nullopt;
  return static_cast<std::size_t>(found - cells.begin());
}

}  // namespace nasbench101
