#include "report/anytime_curve.h"

#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

constexpr std::string_view trial_header = "trial,seconds,validation,test";
constexpr std::string_view epoch_header = "epoch,seconds,validation,test";

template <class T>
bool read_number(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_point(const std::string& line, CurvePoint& point) {
  std::vector<std::string> cells;
  boost::split(cells, line, boost::is_any_of(","));
  if (cells.size() != 4) return false;
  if (!cells[3].empty() && !read_number(cells[3], point.test.emplace())) return false;
  return read_number(cells[0], point.step) && read_number(cells[1], point.seconds) &&
         read_number(cells[2], point.validation);
}

}  // namespace

void AnytimeCurve::add(const TrialEvent& event) {
  seconds_ += event.seconds;
  if (!points_.empty() && event.best_validation <= points_.back().validation) return;
  points_.push_back({.step = event.trial,
                     .seconds = seconds_,
                     .validation = event.best_validation,
                     .test = event.best_test});
}

void AnytimeCurve::add(const EpochEvent& event) {
  seconds_ += event.seconds;
  // A one-shot search stands for one architecture after each epoch, which need not be its best.
  if (!event.validation) return;
  counts_epochs_ = true;
  points_.push_back(
      {.step = event.epoch, .seconds = seconds_, .validation = *event.validation, .test = event.test});
}

void AnytimeCurve::add_line(const nlohmann::json& line) {
  if (const auto trial = trial_event(line)) return add(*trial);
  if (const auto epoch = epoch_event(line)) return add(*epoch);
  throw Error({.what = "this event is neither that of a trial nor that of an epoch: " + line.dump()});
}

std::string AnytimeCurve::to_csv() const {
  std::string text = fmt::format("{}\n", counts_epochs_ ? epoch_header : trial_header);
  for (const CurvePoint& point : points_) {
    text += fmt::format("{},{},{},{}\n", point.step, point.seconds, point.validation,
                        point.test ? fmt::to_string(*point.test) : "");
  }
  return text;
}

AnytimeCurve AnytimeCurve::from_csv(std::string_view text, const std::string& name) {
  AnytimeCurve curve;
  std::vector<std::string> lines;
  boost::split(lines, text, boost::is_any_of("\n"));
  curve.counts_epochs_ = lines.front() == epoch_header;
  bool good =
      lines.size() >= 2 && (lines.front() == trial_header || curve.counts_epochs_) && lines.back().empty();
  for (std::size_t i = 1; good && i + 1 < lines.size(); ++i) {
    good = read_point(lines[i], curve.points_.emplace_back());
  }
  if (good) return curve;
  throw Error({.what = "this anytime curve is damaged",
               .where = name,
               .expected = fmt::format("a table with the columns {} or {}", trial_header, epoch_header),
               .remedy = "remove the folder that it stands in and run again"});
}

}  // namespace espalier::host
