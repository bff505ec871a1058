#include "run/progress.h"

#include <fmt/format.h>
#include <spdlog/details/console_globals.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "espalier/errors/quoted.h"
#include "espalier/host/report/figure_text.h"
#include "espalier/host/report/table.h"
#include "espalier/host/report/terminal_width.h"

namespace espalier::host {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds bar_interval{200};
constexpr std::chrono::seconds log_interval{10};

/// Ranks of what is shown: the lower ones stay longest on a narrow terminal.
enum Rank : int {
  kJobs,
  kStatus,
  kTrials,
  kLeft,
  kBest,
  kSpeed = ProgressField::important + 1,
  kMoreStatus,
  kJob = 1000
};

/// Nothing where no bar can be shown.
std::optional<std::size_t> bar_width() {
  if (!can_move_cursor(STDERR_FILENO)) return std::nullopt;
  const auto width = terminal_width(STDERR_FILENO);
  // Behind the last column some terminals begin a line.
  return width ? std::optional(*width - 1) : std::nullopt;
}

}  // namespace

Progress::Progress(std::size_t total, std::string unit, std::optional<Metric> objective, bool quiet)
    : total_(total), unit_(std::move(unit)), objective_(std::move(objective)) {
  if (quiet || total == 0) return;
  try {
    reporter_ = std::jthread([this](const std::stop_token& stop) { report(stop); });
  } catch (const std::system_error& error) {
    spdlog::warn("no progress is shown: the system grants no more threads ({})", error.code().message());
  }
}

Progress::~Progress() {
  if (!reporter_.joinable()) return;
  reporter_.request_stop();
  reporter_.join();
  if (bar_width()) fmt::print(stderr, "{}", kClearLine);
}

void Progress::report(const std::stop_token& stop) const {
  const bool bar = bar_width().has_value();
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait_for(lock, stop, bar ? std::chrono::milliseconds(bar_interval) : log_interval,
                  [] { return false; });
    if (stop.stop_requested()) return;
    if (const auto width = bar_width()) {
      show_bar(*width);
    } else {
      spdlog::info("{}", fit_fields(fields(), kAnyWidth));
    }
  }
}

void Progress::add_trials(std::uint64_t count, double best) {
  const std::lock_guard lock(mutex_);
  trials_ += count;
  status_.clear();  // that of a search of another kind
  const bool lower_is_better = objective_ && objective_->direction == Direction::minimize;
  if (!best_ || (lower_is_better ? best < *best_ : best > *best_)) best_ = best;
}

void Progress::set_trials(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  trials_done_ = done;
  trials_total_ = total;
}

void Progress::set_status(const std::string& job, const std::string& status) {
  constexpr std::size_t longest = 300;
  const std::lock_guard lock(mutex_);
  job_ = job;
  status_ = printable(status, longest);  // a plugin's own words
}

double Progress::done() const { return std::clamp(fraction_.load() / static_cast<double>(total_), 0.0, 1.0); }

std::vector<ProgressField> Progress::fields() const {
  const double elapsed = Seconds(std::chrono::steady_clock::now() - begin_).count();
  std::vector<ProgressField> fields;
  if (total_ > 1) fields.push_back({fmt::format("{} of {} {}", finished_.load(), total_, unit_), kJobs});
  {
    const std::lock_guard lock(mutex_);
    add_status_fields(fields);
    if (status_.empty()) add_trial_fields(fields, elapsed);
  }
  // A search may still judge what it found when its trials or epochs are done.
  if (const double part = done(); part > 0.0 && part < 1.0)
    fields.push_back({fmt::format("{} left", human_time(elapsed / part * (1.0 - part))), kLeft});
  return fields;
}

void Progress::add_trial_fields(std::vector<ProgressField>& fields, double elapsed) const {
  const bool one = total_ == 1 && trials_total_ > 0;
  fields.push_back({one ? fmt::format("{} of {} trials", grouped(static_cast<std::int64_t>(trials_done_)),
                                      grouped(static_cast<std::int64_t>(trials_total_)))
                        : fmt::format("{} trials", grouped(static_cast<std::int64_t>(trials_))),
                    kTrials});
  if (best_ && objective_) {
    const std::string unit = objective_->unit == "count" ? "" : objective_->unit;
    fields.push_back({fmt::format("best {}{}{}", shown(*best_), unit.empty() ? "" : " ", unit), kBest});
  }
  if (trials_ > 0) fields.push_back({speed_text(static_cast<double>(trials_), elapsed), kSpeed});
}

void Progress::add_status_fields(std::vector<ProgressField>& fields) const {
  if (status_.empty()) return;
  fields.push_back({job_, kJob});
  std::string_view rest = status_;
  for (int rank = kStatus; !rest.empty(); rank = rank == kStatus ? kMoreStatus : rank + 1) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    fields.push_back({std::string(rest.substr(0, end)), rank});
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
}

/// The cursor stays at the beginning of the bar. So nothing is left of one that a narrower window broke into
/// several lines, and a line of the log can clear it as well (set_up_log()).
void Progress::show_bar(std::size_t width) const {
  // The log writes to the same terminal, a line in several pieces.
  const std::lock_guard lock(spdlog::details::console_mutex::mutex());
  fmt::print(stderr, "{}", fmt::format("{}{}\r", kClearLine, bar_line(done(), fields(), width)));
  std::fflush(stderr);
}

}  // namespace espalier::host
