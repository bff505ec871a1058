#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "espalier/space/search_space.h"
#include "table_reader.h"

/// A gzipped CSV table with a row for each architecture and a column for each figure.
class Table {
 public:
  /// Empty.
  Table() = default;
  /// Reads `file`, whose text must have the checksum `crc` unless that is 0. The column `arch` holds the
  /// architecture of each row. Throws Error, naming the file and line, for a file that is missing, damaged,
  /// altered, or does not hold every architecture of `space` once.
  static Table by_architecture(const std::filesystem::path& file, std::uint32_t crc,
                               const espalier::SearchSpace& space);
  /// The same for a table whose column `index` numbers the architectures.
  static Table by_number(const std::filesystem::path& file, std::uint32_t crc,
                         const espalier::SearchSpace& space);
  /// The same for a table whose column `index` refers to that of another table: `rows` maps its values to
  /// architectures. Where some may be missing, their values are NaN.
  static Table by_row(const std::filesystem::path& file, std::uint32_t crc,
                      const std::vector<std::size_t>& rows,
                      TableReader::Missing missing = TableReader::Missing::refused);

  /// The values of a column by the architecture's index in its space. Throws Error when there is no such
  /// column.
  const std::vector<double>& column(const std::string& name) const;
  const std::vector<std::string>& names() const { return columns_.names; }
  /// The architecture of each value of the column `index`; empty where the table has no such column.
  const std::vector<std::size_t>& rows() const { return rows_; }

 private:
  Table(std::filesystem::path file, std::uint32_t crc, TableColumns columns, std::vector<std::size_t> rows)
      : file_(std::move(file)),
        remedy_(remedy_for_table(crc)),
        columns_(std::move(columns)),
        rows_(std::move(rows)) {}

  std::filesystem::path file_;
  const char* remedy_ = "";
  TableColumns columns_;  ///< without index and arch
  std::vector<std::size_t> rows_;
};
