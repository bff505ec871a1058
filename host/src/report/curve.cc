#include "report/curve.h"

#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"

namespace espalier::host {
namespace {

constexpr std::string_view header = "evaluation,seconds,validation,test";

template <class T>
bool read_number(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<double> number_at(const nlohmann::json& event, const char* key) {
  const auto found = event.find(key);
  if (found == event.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

bool read_point(const std::string& line, CurvePoint& point) {
  std::vector<std::string> cells;
  boost::split(cells, line, boost::is_any_of(","));
  if (cells.size() != 4) return false;
  if (!cells[3].empty() && !read_number(cells[3], point.test.emplace())) return false;
  return read_number(cells[0], point.evaluation) && read_number(cells[1], point.seconds) &&
         read_number(cells[2], point.validation);
}

}  // namespace

void Curve::add(const nlohmann::json& event) {
  seconds_ += number_at(event, "seconds").value_or(0.0);
  // A one-shot search stands for one architecture after each epoch, which need not be its best.
  const auto epoch = event.find("epoch");
  const auto validation = number_at(event, "validation");
  if (epoch != event.end() && epoch->is_number_integer() && validation) {
    points_.push_back({.evaluation = epoch->get<std::uint64_t>(),
                       .seconds = seconds_,
                       .validation = *validation,
                       .test = number_at(event, "test")});
    return;
  }
  const auto best = number_at(event, "best_validation");
  const auto evaluation = event.find("evaluation");
  if (!best || evaluation == event.end() || !evaluation->is_number_integer()) return;
  if (!points_.empty() && *best <= points_.back().validation) return;
  points_.push_back({.evaluation = evaluation->get<std::uint64_t>(),
                     .seconds = seconds_,
                     .validation = *best,
                     .test = number_at(event, "best_test")});
}

std::string Curve::to_csv() const {
  std::string text = fmt::format("{}\n", header);
  for (const CurvePoint& point : points_) {
    text += fmt::format("{},{},{},{}\n", point.evaluation, point.seconds, point.validation,
                        point.test ? fmt::to_string(*point.test) : "");
  }
  return text;
}

Curve Curve::from_csv(std::string_view text, const std::string& name) {
  Curve curve;
  std::vector<std::string> lines;
  boost::split(lines, text, boost::is_any_of("\n"));
  bool good = lines.size() >= 2 && lines.front() == header && lines.back().empty();
  for (std::size_t i = 1; good && i + 1 < lines.size(); ++i) {
    good = read_point(lines[i], curve.points_.emplace_back());
  }
  if (good) return curve;
  throw Error({.what = "this anytime curve is damaged",
               .where = name,
               .expected = fmt::format("a table with the columns {}", header),
               .remedy = "remove the folder that it stands in and run again"});
}

}  // namespace espalier::host
