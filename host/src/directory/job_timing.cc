#include "directory/job_timing.h"

#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <vector>

namespace espalier::host {
namespace {

constexpr std::string_view header = "events,seconds\n";

}  // namespace

std::optional<TimingRow> timing_row(std::string_view line) {
  TimingRow row;
  const char* const end = line.data() + line.size();
  const auto [comma, bad_count] = std::from_chars(line.data(), end, row.events);
  if (bad_count != std::errc() || comma == end || *comma != ',') return std::nullopt;
  const auto [rest, bad_seconds] = std::from_chars(comma + 1, end, row.seconds);
  if (bad_seconds != std::errc() || rest != end) return std::nullopt;
  return row;
}

double JobTiming::event(std::uint64_t count) {
  constexpr double between_rows = 1.0;
  const double now = seconds();
  if (now - last_seconds_ >= between_rows) add(count, now);
  return now;
}

void JobTiming::end(std::uint64_t count) {
  if (count != last_count_ || count == 0) add(count, seconds());
}

void JobTiming::add(std::uint64_t count, double seconds) {
  rows_ += fmt::format("{},{:.3f}\n", count, seconds);
  last_count_ = count;
  last_seconds_ = seconds;
}

void JobTiming::restore(std::string_view csv, std::uint64_t events) {
  if (!csv.starts_with(header)) return;
  std::vector<std::string> lines;
  boost::split(lines, csv.substr(header.size()), boost::is_any_of("\n"));
  for (const std::string& line : lines) {
    const auto row = timing_row(line);
    if (!row || row->events > events || row->seconds < last_seconds_) break;
    add(row->events, row->seconds);
  }
  before_ = last_seconds_;
  begin_ = Clock::now();
}

std::string JobTiming::to_csv() const { return std::string(header) + rows_; }

}  // namespace espalier::host
