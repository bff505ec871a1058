#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// For text that no terminal breaks: a file, a pipe.
inline constexpr std::size_t kAnyWidth = std::numeric_limits<std::size_t>::max();

/// [any-thread] Characters, not bytes, of UTF-8 text: how wide a terminal shows it.
ESPALIER_EXPORT std::size_t text_width(std::string_view text);
/// [any-thread] The lines of a text, broken at spaces and behind slashes where they are wider. What has
/// neither stays whole.
ESPALIER_EXPORT std::vector<std::string> fold(std::string_view text, std::size_t width);
/// [any-thread] The same for each line of a text that ends lines already.
ESPALIER_EXPORT std::string fold_lines(std::string_view text, std::size_t width);
/// [any-thread] 1073466 → "1,073,466".
ESPALIER_EXPORT std::string grouped(std::int64_t number);

/// Columns for people. The last column is not padded, and a column whose cells are all "-" or "–" is left
/// out. Where the columns are wider than a line, long texts are folded within their columns; where that does
/// not suffice, the table is split into several, one below the other, which all begin with the first column.
class ESPALIER_EXPORT Table {
 public:
  enum class Align { left, right };
  /// The title of a column, and on which side its texts stand.
  struct Column {
    std::string title;
    Align align = Align::left;
  };
  /// How a table is printed.
  struct Style {
    std::string_view indent = {};
    std::size_t width = kAnyWidth;  ///< of a line
    bool ruled = true;              ///< a line between the titles and the rows
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Whatever a cell says, it stays on its line.
  void add(std::vector<std::string> row);
  /// A line across, before totals.
  void add_rule() { rows_.emplace_back(); }
  bool empty() const { return rows_.empty(); }
  std::string render(const Style& style) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< an empty one is a line across
};

}  // namespace espalier::host
