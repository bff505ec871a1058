#include "report/measured_seconds.h"

#include <string>

#include "espalier/files/read_file.h"
#include "files/atomic_file.h"

namespace espalier::host {

MeasuredSeconds::MeasuredSeconds(const std::filesystem::path& file) {
  if (is_there(file)) stream_ = open_file(file);
  std::string header;
  std::getline(stream_, header);
}

std::optional<double> MeasuredSeconds::after(std::uint64_t events) {
  std::string line;
  while (row_ && row_->events < events) row_ = std::getline(stream_, line) ? timing_row(line) : std::nullopt;
  return row_ ? std::optional(row_->seconds) : std::nullopt;
}

}  // namespace espalier::host
