#include "page/figure_json.h"

namespace espalier::page {
namespace {

OrderedJson numbers(const std::vector<double>& values) { return list_to_json(values, number_to_json); }

OrderedJson to_json(const Axis& axis) { return {{"title", axis.title}, {"logarithmic", axis.logarithmic}}; }

OrderedJson to_json(const std::optional<host::Interval>& interval) {
  return interval ? numbers({interval->low, interval->high}) : OrderedJson();
}

OrderedJson to_json(const Point& point) {
  return point.band ? numbers({point.x, point.y, point.band->low, point.band->high})
                    : numbers({point.x, point.y});
}

OrderedJson to_json(const Series& series) {
  return {{"name", series.name},
          {"style", series.style},
          {"steps", series.steps},
          {"right", series.right},
          {"points", list_to_json(series.points, [](const Point& point) { return to_json(point); })}};
}

OrderedJson to_json(const Panel& panel) {
  const auto rule = [](const Rule& line) -> OrderedJson {
    return {{"name", line.name}, {"y", number_to_json(line.y)}};
  };
  return {{"title", panel.title},
          {"series", list_to_json(panel.series, [](const Series& series) { return to_json(series); })},
          {"rules", list_to_json(panel.rules, rule)}};
}

OrderedJson to_json(const IntervalRow& row) {
  return {{"name", row.name},
          {"style", row.style},
          {"value", number_to_json(row.value)},
          {"interval", to_json(row.interval)},
          {"dots", numbers(row.dots)},
          {"published", number_to_json(row.published)},
          {"note", row.note}};
}

OrderedJson to_json(const HeatMap::Group& group) {
  return {{"name", group.name}, {"rows", group.rows}, {"values", list_to_json(group.values, numbers)}};
}

OrderedJson to_json(const Scatter::Cloud& cloud) {
  const auto dot = [](const Scatter::Dot& point) -> OrderedJson {
    return {{"x", number_to_json(point.x)}, {"y", number_to_json(point.y)}, {"name", point.name}};
  };
  return {{"name", cloud.name},
          {"style", cloud.style},
          {"front", cloud.front},
          {"dots", list_to_json(cloud.dots, dot)}};
}

/// The content of a figure; `kind` says how the script draws it.
struct Content {
  OrderedJson operator()(const Lines& lines) const {
    return {{"kind", "lines"},
            {"x", to_json(lines.x)},
            {"y", to_json(lines.y)},
            {"right", lines.right ? to_json(*lines.right) : OrderedJson()},
            {"panels", list_to_json(lines.panels, [](const Panel& panel) { return to_json(panel); })}};
  }
  OrderedJson operator()(const Intervals& intervals) const {
    return {{"kind", "intervals"},
            {"x", to_json(intervals.x)},
            {"rows", list_to_json(intervals.rows, [](const IntervalRow& row) { return to_json(row); })},
            {"rule", number_to_json(intervals.rule)}};
  }
  OrderedJson operator()(const HeatMap& map) const {
    return {{"kind", "heat_map"},
            {"x", to_json(map.x)},
            {"columns", numbers(map.columns)},
            {"meaning", map.meaning},
            {"groups", list_to_json(map.groups, [](const HeatMap::Group& group) { return to_json(group); })}};
  }
  OrderedJson operator()(const Scatter& scatter) const {
    return {
        {"kind", "scatter"},
        {"x", to_json(scatter.x)},
        {"y", to_json(scatter.y)},
        {"clouds", list_to_json(scatter.clouds, [](const Scatter::Cloud& cloud) { return to_json(cloud); })}};
  }
  OrderedJson operator()(const Ranks& ranks) const {
    const auto method = [](const Ranks::Method& one) -> OrderedJson {
      return {{"name", one.name}, {"style", one.style}, {"rank", number_to_json(one.rank)}};
    };
    const auto pair = [](const auto& group) { return OrderedJson::array({group.first, group.second}); };
    return {{"kind", "ranks"},
            {"methods", list_to_json(ranks.methods, method)},
            {"critical_difference", number_to_json(ranks.critical_difference)},
            {"joined", list_to_json(ranks.joined, pair)}};
  }
  OrderedJson operator()(const Drawing& drawing) const {
    return {{"kind", "drawing"}, {"alternative", drawing.alternative}, {"svg", drawing.svg}};
  }
};

}  // namespace

OrderedJson content_to_json(const Figure& figure) { return std::visit(Content(), figure.content); }

}  // namespace espalier::page
