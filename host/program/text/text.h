#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/host/report/table.h"
#include "espalier/search/metric.h"

namespace espalier::program {

using host::grouped;
/// The size of a search space: grouped while exact, "6.9e+31" beyond.
std::string count_text(double number);
/// "higher" or "lower": which values of a metric are better.
std::string better_text(const Metric& metric);
/// "a, b, c".
std::string comma_list(const std::vector<std::string>& names);

/// One that fits the terminal.
class Table : public host::Table {
 public:
  using host::Table::Table;
  std::string render(std::string_view indent = "") const;
};

}  // namespace espalier::program
