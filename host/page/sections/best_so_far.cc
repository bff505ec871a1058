#include <fmt/format.h>

#include <algorithm>

#include "espalier/host/report/anytime.h"
#include "espalier/host/report/figure_text.h"
#include "page/sections/sections.h"

namespace espalier::page {
namespace {

using host::AnytimePoint;
using host::ComparedMethod;
using host::ComparedRuns;
using host::CurveAxis;
using host::CurveValue;
using host::SearchCurve;

/// What the curves count.
enum class Unit { trials, epochs, seconds };
/// How their values are shown.
enum class View { error, regret, value };

constexpr const char* name_of(Unit unit) {
  switch (unit) {
    case Unit::trials:
      return "trials";
    case Unit::epochs:
      return "epochs";
    case Unit::seconds:
      break;
  }
  return "simulated seconds";
}

/// Those that have ended; where none has, those that are under way, as far as all have come.
std::vector<SearchCurve> curves_of(const ComparedMethod& method) {
  std::vector<SearchCurve> ended;
  std::vector<SearchCurve> begun;
  for (const host::ReportedSearch& search : method.run->methods[*method.index].searches) {
    if (search.curve.points.empty()) continue;
    (search.progress == host::JobProgress::finished ? ended : begun).push_back(search.curve);
  }
  return ended.empty() ? begun : ended;
}

/// The methods of a group that searched, with their curves, which every figure of it draws.
struct MethodCurves {
  const ComparedMethod* method;
  std::vector<SearchCurve> curves;
};

std::vector<MethodCurves> curves_of(const ComparedRuns& group) {
  std::vector<MethodCurves> all;
  for (const ComparedMethod& method : group.methods) {
    if (!method.index) continue;
    std::vector<SearchCurve> curves = curves_of(method);
    if (!curves.empty()) all.push_back({.method = &method, .curves = std::move(curves)});
  }
  return all;
}

bool counts(const std::vector<SearchCurve>& curves, Unit unit) {
  if (unit == Unit::seconds)
    return std::ranges::any_of(curves, [](const SearchCurve& curve) { return curve.seconds > 0.0; });
  return std::ranges::all_of(
      curves, [unit](const SearchCurve& curve) { return curve.counts_epochs == (unit == Unit::epochs); });
}

/// Which value is drawn, and how.
struct Drawn {
  CurveValue value = CurveValue::report;
  View view = View::value;
  Metric metric;
  std::optional<double> best;  ///< of the whole space
};

double shown_value(double value, const Drawn& drawn) {
  switch (drawn.view) {
    case View::error:
      return 100.0 - value;
    case View::regret:
      return std::max(0.0,
                      higher_is_better(drawn.metric, *drawn.best) - higher_is_better(drawn.metric, value));
    case View::value:
      break;
  }
  return value;
}

Point point_of(const AnytimePoint& at, const Drawn& drawn) {
  Point point{.x = at.x, .y = shown_value(at.figure.mean, drawn)};
  if (!at.figure.interval) return point;
  const double a = shown_value(at.figure.interval->low, drawn);
  const double b = shown_value(at.figure.interval->high, drawn);
  point.band = host::Interval{.low = std::min(a, b), .high = std::max(a, b)};
  return point;
}

std::string axis_title(const Drawn& drawn) {
  const std::string unit = drawn.metric.unit.empty() ? "" : " " + drawn.metric.unit;
  switch (drawn.view) {
    case View::error: {
      std::string name = host::spoken(drawn.metric);
      constexpr std::string_view accuracy = "accuracy";
      if (const auto at = name.rfind(accuracy); at != name.npos) name.replace(at, accuracy.size(), "error");
      return name + unit;
    }
    case View::regret:
      return "regret of the " + host::spoken(drawn.metric) + unit;
    case View::value:
      break;
  }
  return host::spoken(drawn.metric) + unit;
}

/// A logarithmic axis has no place for 0: what is smaller than `floor` is drawn there.
void lift(Panel& panel, double floor) {
  for (Series& series : panel.series)
    for (Point& point : series.points) {
      point.y = std::max(point.y, floor);
      if (point.band)
        point.band = host::Interval{.low = std::max(point.band->low, floor),
                                    .high = std::max(point.band->high, floor)};
    }
}

std::string caption_of(const Drawn& drawn, Unit unit, double floor) {
  std::string text = fmt::format("The {} of the best architecture so far, by {}: mean over the seeds",
                                 axis_title(drawn), name_of(unit));
  if (unit == Unit::epochs)
    text = fmt::format("The {} of the architecture that the search stands for, by epoch: mean over the seeds",
                       axis_title(drawn));
  text += " and its 95 % interval.";
  if (drawn.view == View::regret) text += fmt::format(" Anything below {} is drawn there.", floor);
  return text;
}

std::optional<Figure> anytime_figure(const ComparedRuns& group, const std::vector<MethodCurves>& methods,
                                     std::size_t number, Unit unit, const Drawn& drawn,
                                     const Material& material) {
  const CurveAxis axis = unit == Unit::seconds ? CurveAxis::seconds : CurveAxis::steps;
  Panel panel;
  double last = 0.0;
  for (const auto& [method, curves] : methods) {
    if (!counts(curves, unit)) continue;
    Series series{.name = method->name, .style = material.style(method->name), .points = {}};
    const auto positions = host::curve_positions(curves, axis);
    for (const AnytimePoint& point : host::anytime(curves, positions, axis, drawn.value, drawn.metric))
      series.points.push_back(point_of(point, drawn));
    if (series.points.empty()) continue;
    last = std::max(last, series.points.back().x);
    panel.series.push_back(std::move(series));
  }
  if (panel.series.empty()) return std::nullopt;
  constexpr double floor = 0.001;
  constexpr double many = 100.0;
  if (drawn.view == View::regret) lift(panel, floor);
  if (drawn.view != View::regret && drawn.best)
    panel.rules.push_back({.name = "best of the space", .y = shown_value(*drawn.best, drawn)});
  const std::string title = axis_title(drawn);
  const std::string by = unit == Unit::seconds ? "seconds" : name_of(unit);
  std::string id = fmt::format("{}-{}-by-{}", drawn.value == CurveValue::report ? "report" : "objective",
                               drawn.view == View::regret ? "regret" : "value", by);
  Lines lines{.x = {.title = name_of(unit), .logarithmic = unit == Unit::seconds || last > many},
              .y = {.title = title, .logarithmic = drawn.view == View::regret},
              .right = {},
              .panels = {std::move(panel)}};
  return Figure{.id = numbered_id(id, number),
                .title = group.title,
                .caption = caption_of(drawn, unit, floor),
                .content = std::move(lines),
                .group = group.title,
                .choice = fmt::format("{}, by {}", title, by)};
}

/// What can be drawn of a group; an error in percent is what the literature shows.
std::vector<Drawn> drawn_of(const ComparedRuns& group) {
  const host::Summary& summary = group.methods.front().run->summary;
  std::vector<Drawn> all;
  const auto add = [&](CurveValue value, const Metric& metric, std::optional<double> best) {
    const bool percent = metric.unit == "%" && metric.direction == Direction::maximize;
    all.push_back(
        {.value = value, .view = percent ? View::error : View::value, .metric = metric, .best = best});
    if (best) all.push_back({.value = value, .view = View::regret, .metric = metric, .best = best});
  };
  if (summary.metrics.report) add(CurveValue::report, *summary.metrics.report, summary.best_report);
  if (!summary.metrics.objectives.empty()) add(CurveValue::objective, summary.metrics.objectives.front(), {});
  return all;
}

}  // namespace

std::optional<Section> best_so_far(Material& material) {
  Section section{.id = "best-so-far", .title = "Best so far"};
  for (std::size_t i = 0; i < material.groups().size(); ++i) {
    const ComparedRuns& group = material.groups()[i];
    const std::vector<MethodCurves> methods = curves_of(group);
    for (const Drawn& drawn : drawn_of(group))
      for (const Unit unit : {Unit::trials, Unit::epochs, Unit::seconds})
        if (auto figure = anytime_figure(group, methods, i, unit, drawn, material))
          section.items.emplace_back(*std::move(figure));
  }
  if (section.items.empty()) return std::nullopt;
  return section;
}

}  // namespace espalier::page
