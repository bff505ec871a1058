#pragma once

#include <string>

#include "espalier/host/report/summary.h"

namespace espalier::host {

/// Which columns the table of a summary has, beside those that each has.
struct SummaryColumns {
  explicit SummaryColumns(const Summary& summary);

  bool several = false;  ///< objectives: fronts instead of values
  /// Whether what is reported is what the searches optimize: one column shows both. So it is where a table
  /// has test accuracies alone.
  bool report_is_objective = false;
  bool trained = false;
  bool paper = false;
};

/// One row for each optimizer, with aligned columns, in lines of at most `width` characters.
std::string summary_table(const Summary& summary, const SummaryColumns& columns, std::size_t width);

}  // namespace espalier::host
