#include "run/progress.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <system_error>
#include <utility>

#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds bar_interval{200};
constexpr std::chrono::seconds log_interval{10};
constexpr int bar_width = 30;
constexpr const char* clear_line = "\r\x1b[K";

bool on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

std::string human_time(double seconds) {
  const auto total = std::lround(seconds);
  if (total >= 3600) return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
  if (total >= 60) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} s", total);
}

}  // namespace

Progress::Progress(std::size_t total, std::string unit, bool quiet) : total_(total), unit_(std::move(unit)) {
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
  if (on_terminal()) fmt::print(stderr, "{}", clear_line);
}

void Progress::report(const std::stop_token& stop) const {
  const bool bar = on_terminal();
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait_for(lock, stop, bar ? std::chrono::milliseconds(bar_interval) : log_interval,
                  [] { return false; });
    if (stop.stop_requested()) return;
    if (bar) {
      show_bar();
    } else {
      spdlog::info("{}", line());
    }
  }
}

void Progress::set_status(const std::string& status) {
  const std::lock_guard lock(mutex_);
  constexpr std::size_t longest = 300;
  status_ = printable(status, longest);  // a plugin's own words
}

std::string Progress::line() const {
  const double elapsed = Seconds(std::chrono::steady_clock::now() - begin_).count();
  const double done = std::clamp(fraction_.load() / static_cast<double>(total_), 0.0, 1.0);
  std::string text = fmt::format("{} of {} {}, ", finished_.load(), total_, unit_);
  {
    const std::lock_guard lock(mutex_);
    text += status_.empty() ? fmt::format("{:.0f} trials/s", static_cast<double>(trials_.load()) / elapsed)
                            : status_;
  }
  // A search may still judge what it found when its trials or epochs are done.
  if (done > 0.0 && done < 1.0) text += fmt::format(", {} left", human_time(elapsed / done * (1.0 - done)));
  return text;
}

void Progress::show_bar() const {
  const double done = std::clamp(fraction_.load() / static_cast<double>(total_), 0.0, 1.0);
  const int filled = static_cast<int>(done * bar_width);
  fmt::print(stderr, "{}[{:#<{}}{:.<{}}] {:3.0f} %  {}", clear_line, "", filled, "", bar_width - filled,
             done * 100.0, line());
  std::fflush(stderr);
}

}  // namespace espalier::host
