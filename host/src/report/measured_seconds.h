#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>

#include "directory/job_timing.h"

namespace espalier::host {

/// timing.csv, read beside the events.
class MeasuredSeconds {
 public:
  /// Knows no seconds where there is no such file.
  explicit MeasuredSeconds(const std::filesystem::path& file);

  /// The first time at which so many events are known to have been there. Call it for rising numbers.
  std::optional<double> after(std::uint64_t events);

 private:
  std::ifstream stream_;
  std::optional<TimingRow> row_ = TimingRow{};  ///< nothing when no more follow
};

}  // namespace espalier::host
