#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/search/metric.h"

namespace espalier::program {

/// 1073466 → "1,073,466".
std::string grouped(std::int64_t number);
/// The size of a search space: grouped while exact, "6.9e+31" beyond.
std::string count_text(double number);
/// "higher" or "lower": which values of a metric are better.
std::string better_text(const Metric& metric);
/// "a, b, c".
std::string comma_list(const std::vector<std::string>& names);

/// Columns for people. The last column is not padded.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Whatever a cell says, it stays on its line.
  void add(std::vector<std::string> row);
  /// A line across, before totals.
  void add_rule() { rows_.emplace_back(); }
  bool empty() const { return rows_.empty(); }
  std::string render(std::string_view indent = "") const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace espalier::program
