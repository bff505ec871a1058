#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "table_text.h"

/// The cells of one line: views into the text.
using Cells = std::vector<std::string_view>;

/// Whether all of `cell` is a number.
template <class T>
bool parse_number(std::string_view cell, T& value) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size();
}

struct TableColumns {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;  ///< one for each column, by slot
};

/// A gzipped CSV file with a header. Errors name the file and line.
class TableReader {
 public:
  /// Throws Error for a file that is missing, damaged, or lacks the checksum `crc` (0: not compared).
  TableReader(std::filesystem::path file, std::uint32_t crc);

  [[noreturn]] void refuse(const std::string& what, const std::string& expected = {}) const;
  /// The position of a column in each row.
  std::size_t position(const char* name) const;
  /// How many lines follow the header.
  std::size_t rows() const;
  enum class Missing { refused, allowed };
  /// Reads every column except the `keys` as numbers. `slot_of` gives the slot of a row; each of the `slots`
  /// must be filled once, unless slots may be missing, which are then NaN.
  TableColumns read(const std::vector<std::size_t>& keys, std::size_t slots,
                    const std::function<std::size_t(const Cells&)>& slot_of,
                    Missing missing = Missing::refused);

 private:
  double number(const Cells& cells, std::size_t column) const;

  std::filesystem::path file_;
  const char* remedy_;
  std::string text_;
  std::vector<std::string> header_;
  std::size_t line_ = 1;
};
