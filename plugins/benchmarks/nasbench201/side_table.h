#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "table.h"

/// A table beside that of the accuracies, which most searches never need: it is read when it is first asked.
/// All functions are [any-thread].
class SideTable {
 public:
  /// `file`, or where that is empty the table `name` that comes with Espalier. Its text must have the
  /// checksum `crc` unless that is 0.
  SideTable(std::filesystem::path file, const char* name, std::uint32_t crc,
            TableReader::Missing missing = TableReader::Missing::refused)
      : file_(std::move(file)), name_(name), crc_(crc), missing_(missing) {}

  /// Nothing where there is no such file.
  std::optional<std::filesystem::path> path() const;
  /// The value of a column for an architecture of this index; NaN where the table has no row of it and need
  /// not have one. `rows` maps the numbers in the table's column `index` to architectures. Throws what
  /// Table::by_row() and column() throw.
  double value(const std::string& column, std::size_t architecture,
               const std::vector<std::size_t>& rows) const;

 private:
  /// Throws Error where the table that comes with Espalier is gone.
  std::filesystem::path found_file() const;

  std::filesystem::path file_;
  const char* name_;
  std::uint32_t crc_;
  TableReader::Missing missing_;
  mutable std::mutex mutex_;
  mutable std::optional<Table> table_;
};
