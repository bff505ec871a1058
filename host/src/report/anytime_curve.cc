#include "report/anytime_curve.h"

#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"

namespace espalier::host {
namespace {

constexpr std::string_view trial_header = "trial,seconds,objective,report";
constexpr std::string_view epoch_header = "epoch,seconds,objective,report";

template <class T>
bool read_number(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_point(const std::string& line, CurvePoint& point) {
  std::vector<std::string> cells;
  boost::split(cells, line, boost::is_any_of(","));
  if (cells.size() != 4) return false;
  return read_number(cells[0], point.step) && read_number(cells[1], point.seconds) &&
         (cells[2].empty() || read_number(cells[2], point.value.emplace())) &&
         (cells[3].empty() || read_number(cells[3], point.report.emplace()));
}

std::string cell(const std::optional<double>& value) { return value ? fmt::to_string(*value) : ""; }

}  // namespace

void AnytimeCurve::add(const TrialEvent& event) {
  seconds_ += event.seconds;
  // At a higher fidelity the best value may be the worse one.
  const bool as_before =
      !points_.empty() && event.best == points_.back().value && event.best_report == points_.back().report;
  if (as_before) return;
  points_.push_back(
      {.step = event.trial, .seconds = seconds_, .value = event.best, .report = event.best_report});
}

void AnytimeCurve::add(const EpochEvent& event) {
  seconds_ += event.seconds;
  counts_epochs_ = true;
  // A one-shot search stands for one architecture after each epoch, which need not be its best.
  if (event.values.empty() && !event.report) return;
  points_.push_back({.step = event.epoch,
                     .seconds = seconds_,
                     .value = event.values.empty() ? std::nullopt : std::optional(event.values.front()),
                     .report = event.report});
}

void AnytimeCurve::add_line(const nlohmann::json& line) {
  if (const auto trial = trial_event(line)) return add(*trial);
  if (const auto epoch = epoch_event(line)) return add(*epoch);
  throw Error({.what = "this event is neither that of a trial nor that of an epoch: " + line.dump()});
}

std::string AnytimeCurve::to_csv() const {
  std::string text = fmt::format("{}\n", counts_epochs_ ? epoch_header : trial_header);
  for (const CurvePoint& point : points_) {
    text += fmt::format("{},{},{},{}\n", point.step, point.seconds, cell(point.value), cell(point.report));
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

SearchCurve finished_curve(const std::filesystem::path& folder, const SeedResult& result) {
  const auto file = folder / JobFiles::curve;
  const AnytimeCurve curve = AnytimeCurve::from_csv(read_file(file).value_or(""), file.string());
  return {.points = curve.points(),
          .steps = curve.counts_epochs() ? result.epochs : result.trials,
          .seconds = result.seconds,
          .ended = true,
          .counts_epochs = curve.counts_epochs()};
}

}  // namespace espalier::host
