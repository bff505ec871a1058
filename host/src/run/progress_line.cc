#include "run/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "espalier/host/report/table.h"

namespace espalier::host {
namespace {

constexpr std::string_view separator = ", ";

std::string bar_text(double done, std::size_t length) {
  const auto filled = static_cast<std::size_t>(done * static_cast<double>(length));
  return fmt::format("[{}{}] ", std::string(filled, '#'), std::string(length - filled, '.'));
}

/// With commas between them.
std::size_t width_of(const std::vector<ProgressField>& fields, int highest_rank) {
  std::size_t width = 0;
  for (const ProgressField& field : fields)
    if (field.rank <= highest_rank) width += text_width(field.text) + (width > 0 ? separator.size() : 0);
  return width;
}

}  // namespace

std::string fit_fields(const std::vector<ProgressField>& fields, std::size_t width) {
  std::vector<std::size_t> by_rank(fields.size());
  std::iota(by_rank.begin(), by_rank.end(), 0U);
  std::ranges::stable_sort(by_rank, {}, [&](std::size_t index) { return fields[index].rank; });
  std::vector<bool> kept(fields.size(), false);
  std::size_t used = 0;
  for (const std::size_t index : by_rank) {
    const std::size_t more = text_width(fields[index].text) + (used > 0 ? separator.size() : 0);
    if (used + more > width) continue;
    used += more;
    kept[index] = true;
  }
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!kept[i]) continue;
    if (!text.empty()) text += separator;
    text += fields[i].text;
  }
  return text;
}

std::string bar_line(double done, const std::vector<ProgressField>& fields, std::size_t width) {
  const std::string percent = fmt::format("{:3.0f} %  ", done * 100.0);
  if (percent.size() > width) return fmt::format("{:.0f} %", done * 100.0).substr(0, width);
  std::string begin = percent;
  const std::size_t needed = percent.size() + width_of(fields, ProgressField::important);
  for (const std::size_t length : {30U, 20U, 10U}) {
    const std::string bar = bar_text(done, length);
    if (bar.size() + needed > width) continue;
    begin = bar + percent;
    break;
  }
  return begin + fit_fields(fields, width - begin.size());
}

std::string human_time(double seconds) {
  const auto total = std::lround(seconds);
  if (total >= 3600) return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
  if (total >= 60) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} s", total);
}

std::string speed_text(double trials, double seconds) {
  if (trials >= seconds) return fmt::format("{} trials/s", grouped(std::lround(trials / seconds)));
  const double each = seconds / trials;
  constexpr double long_time = 100.0;
  return fmt::format("{} a trial", each < long_time ? fmt::format("{:.1f} s", each) : human_time(each));
}

}  // namespace espalier::host
