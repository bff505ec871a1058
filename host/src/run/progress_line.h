#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace espalier::host {

/// A part of a line of progress. Of those that do not all fit, the ones of a high rank are left out first.
struct ProgressField {
  /// Up to this rank fields are worth more than the bar.
  static constexpr int important = 9;

  std::string text;
  int rank = 0;
};

/// The fields that fit into `width` characters, in their order, with commas between them.
std::string fit_fields(const std::vector<ProgressField>& fields, std::size_t width);

/// "[####......]  40 %  " and the fields, in at most `width` characters. The bar is as long as the important
/// fields allow; where they do not, there is none.
std::string bar_line(double done, const std::vector<ProgressField>& fields, std::size_t width);

/// "8 s", "2 min 05 s", "3 h 10 min".
std::string human_time(double seconds);
/// "1,200 trials/s" or, below one in a second, "8.3 s a trial".
std::string speed_text(double trials, double seconds);

}  // namespace espalier::host
