#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "espalier/host/report/alarms.h"
#include "espalier/host/report/statistics.h"

// What a report shows, before it is written: sections of texts, tables and figures. All texts are plain; each
// writer escapes them for its format.
namespace espalier::page {

using host::Alarm;

/// A direction of a figure.
struct Axis {
  std::string title;  ///< with the unit: "test accuracy %"
  bool logarithmic = false;
};

/// A point of a curve, and the interval that is drawn as a band.
struct Point {
  double x = 0.0;
  double y = 0.0;
  std::optional<host::Interval> band = std::nullopt;
};

/// One curve. The same `style` is the same color, dash and shape in every figure of a report.
struct Series {
  std::string name;
  std::size_t style = 0;
  std::vector<Point> points;
  bool steps = false;  ///< a value holds until the next point
  bool right = false;  ///< belongs to the axis on the right, and is drawn fainter
};

/// A horizontal line: what can be reached at most, what a paper reports.
struct Rule {
  std::string name;
  double y = 0.0;
};

/// One of several diagrams that stand side by side and share their axes.
struct Panel {
  std::string title;  ///< empty where there is one panel
  std::vector<Series> series;
  std::vector<Rule> rules = {};
};

/// Curves.
struct Lines {
  Axis x;
  Axis y;
  std::optional<Axis> right = std::nullopt;
  std::vector<Panel> panels;
};

/// A value with its interval.
struct IntervalRow {
  std::string name;
  std::size_t style = 0;
  double value = 0.0;
  std::optional<host::Interval> interval = std::nullopt;
  std::vector<double> dots = {};                   ///< the single values, or a sample of them
  std::optional<double> published = std::nullopt;  ///< drawn as a diamond
  std::string note = {};                           ///< stands at the right
};

/// Values with intervals, one below the other.
struct Intervals {
  Axis x;
  std::vector<IntervalRow> rows;
  std::optional<double> rule = std::nullopt;  ///< a vertical line: no difference, the optimum
};

/// Values from 0 to 1 as colors, the largest with the last color: a group of rows for each choice, a column
/// for each epoch.
struct HeatMap {
  struct Group {
    std::string name;
    std::vector<std::string> rows;
    std::vector<std::vector<double>> values;  ///< [row][column]
  };
  Axis x;
  std::vector<double> columns;  ///< where they stand on x
  std::string meaning;          ///< of the color: "strength"
  std::vector<Group> groups;
};

/// Points without an order.
struct Scatter {
  struct Dot {
    double x = 0.0;
    double y = 0.0;
    std::string name;  ///< what a reader sees who points at it
  };
  struct Cloud {
    std::string name;
    std::size_t style = 0;
    std::vector<Dot> dots;
    bool front = false;  ///< its points are joined by a line of steps, in the order of x
  };
  Axis x;
  Axis y;
  std::vector<Cloud> clouds;
};

/// A critical-difference diagram (Demšar, 2006): methods on a line by their mean rank; those that a test
/// cannot tell apart are joined.
struct Ranks {
  struct Method {
    std::string name;
    std::size_t style = 0;
    double rank = 0.0;
  };
  std::vector<Method> methods;  ///< from the best rank on
  double critical_difference = 0.0;
  std::vector<std::pair<std::size_t, std::size_t>> joined;  ///< the first and the last of each group
};

/// A picture that is drawn already.
struct Drawing {
  std::string svg;
  std::string alternative;  ///< what a reader is told who cannot see it
};

/// A figure with its caption. `id` is a name of letters, digits and hyphens that no other part of the
/// document has; it names the files.
struct Figure {
  std::string id;
  std::string title;
  std::string caption;
  std::variant<Lines, Intervals, HeatMap, Scatter, Ranks, Drawing> content;
  /// Figures of one group that stand one after the other in a section are shown one at a time; `choice` is
  /// what selects this one. Empty where the figure stands alone.
  std::string group = {};
  std::string choice = {};
};

/// A cell of a table. What has a number is sorted by it.
struct Cell {
  std::string text;
  std::optional<double> number = std::nullopt;
};

/// A table. `id` is as of Figure.
struct Table {
  struct Column {
    std::string title;
    bool number = false;  ///< stands at the right
    bool code = false;    ///< of a fixed width, and may be broken anywhere: an architecture, a hash
  };
  std::string id;
  std::string title;
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// A text of several lines that stands as it is: a config.
struct Listing {
  std::string id;
  std::string title;
  std::string text;
};

/// A part of the page.
struct Section {
  std::string id;
  std::string title;
  std::vector<std::string> paragraphs = {};
  std::vector<std::variant<Figure, Table, Listing>> items = {};
  bool folded = false;  ///< opens when it is asked for
};

/// A whole report.
struct Document {
  std::string title;
  std::string subtitle;
  std::vector<Alarm> alarms;
  std::vector<Section> sections;
  bool unfinished = false;  ///< more results are to come: a run goes on
};

}  // namespace espalier::page
