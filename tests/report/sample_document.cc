#include "report/sample_document.h"

#include <array>
#include <cmath>

namespace espalier::page {
namespace {

const std::array<std::string, 11> kMethods = {"random_search", "regularized_evolution",
                                              "local_search",  "bananas",
                                              "npenas",        "hyperband",
                                              "bohb",          "darts",
                                              "gdas",          "drnas",
                                              "oneshot_nsgaii"};

/// Always the same numbers from 0 to 1 that look like chance.
double chance(std::size_t i) { return std::fmod(static_cast<double>(i * i % 1009) * 0.754877666, 1.0); }

Series anytime(std::size_t method, double ceiling) {
  Series series{.name = kMethods[method], .style = method, .points = {}, .steps = true};
  const auto slowness = 6.0 + 5.0 * static_cast<double>(method);
  for (int trial = 1; trial <= 200; ++trial) {
    const double gap = 5.0 * std::exp(-trial / slowness) + 0.12 * static_cast<double>(method);
    series.points.push_back({.x = double(trial),
                             .y = ceiling - gap,
                             .band = host::Interval{ceiling - gap * 1.3 - 0.05, ceiling - gap * 0.8}});
  }
  return series;
}

Series regret(std::size_t method, double start) {
  Series series{.name = kMethods[method], .style = method, .points = {}, .steps = true};
  for (int i = 0; i < 60; ++i) {
    const double y = start * std::exp(-i / (14.0 + 2.0 * static_cast<double>(method))) + 0.02;
    series.points.push_back(
        {.x = 100.0 * std::pow(1.14, i), .y = y, .band = host::Interval{y * 0.8, y * 1.25}});
  }
  return series;
}

Lines curves() {
  Panel panel;
  for (std::size_t method = 0; method < 7; ++method) panel.series.push_back(anytime(method, 94.2));
  panel.rules = {{.name = "best of the table", .y = 94.37}, {.name = "published: random search", .y = 93.7}};
  return {.x = {.title = "trials"}, .y = {.title = "validation accuracy %"}, .panels = {panel}};
}

Lines panels() {
  Lines lines{.x = {.title = "simulated seconds", .logarithmic = true},
              .y = {.title = "regret %", .logarithmic = true},
              .panels = {}};
  double start = 8.0;
  for (const char* dataset : {"CIFAR-10", "CIFAR-100", "ImageNet16-120"}) {
    Panel panel{.title = dataset, .series = {}};
    for (std::size_t method = 0; method < 5; ++method) panel.series.push_back(regret(method, start));
    lines.panels.push_back(panel);
    start *= 1.6;
  }
  return lines;
}

Lines losses() {
  Panel panel;
  for (std::size_t method = 7; method < 9; ++method) {
    Series accuracy{.name = kMethods[method], .style = method, .points = {}};
    Series loss{.name = kMethods[method] + " (loss)", .style = method, .points = {}, .right = true};
    for (int epoch = 1; epoch <= 20; ++epoch) {
      const double shift = static_cast<double>(method);
      accuracy.points.push_back(
          {.x = double(epoch), .y = 50.0 + 40.0 * (1.0 - std::exp(-epoch / 6.0)) - shift});
      loss.points.push_back({.x = double(epoch), .y = 2.2 * std::exp(-epoch / 7.0) + 0.05 * shift});
    }
    panel.series.push_back(accuracy);
    panel.series.push_back(loss);
  }
  return {.x = {.title = "epoch"},
          .y = {.title = "accuracy %"},
          .right = Axis{.title = "cross-entropy"},
          .panels = {panel}};
}

Intervals intervals() {
  Intervals content{.x = {.title = "test accuracy %"}, .rows = {}, .rule = 94.37};
  for (std::size_t method = 0; method < kMethods.size(); ++method) {
    const double value = 94.25 - 0.11 * static_cast<double>(method);
    IntervalRow row{.name = kMethods[method],
                    .style = method,
                    .value = value,
                    .interval = host::Interval{value - 0.12, value + 0.12}};
    for (std::size_t i = 0; i < 15; ++i) row.dots.push_back(value + (chance(method * 31 + i) - 0.5) * 0.6);
    if (method % 3 == 1) row.published = value - 0.2;
    row.note = "n = 15";
    content.rows.push_back(row);
  }
  return content;
}

HeatMap strengths() {
  HeatMap map{.x = {.title = "epoch"}, .columns = {}, .meaning = "strength", .groups = {}};
  for (int epoch = 1; epoch <= 50; ++epoch) map.columns.push_back(epoch);
  std::size_t winner = 1;
  for (const char* edge : {"edge 0→1", "edge 0→2", "edge 1→2"}) {
    HeatMap::Group group{.name = edge,
                         .rows = {"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"},
                         .values = {}};
    for (std::size_t row = 0; row < group.rows.size(); ++row) {
      std::vector<double> values;
      for (int epoch = 1; epoch <= 50; ++epoch)
        values.push_back(row == winner ? 0.2 + 0.75 * epoch / 50.0 : 0.2 - 0.1875 * epoch / 50.0);
      group.values.push_back(values);
    }
    map.groups.push_back(group);
    ++winner;
  }
  return map;
}

Scatter front() {
  Scatter::Cloud all{.name = "all trials", .style = 3, .dots = {}};
  for (std::size_t i = 0; i < 250; ++i) {
    const double x = 1e5 * std::pow(10.0, 1.2 * chance(i));
    all.dots.push_back(
        {.x = x, .y = 6.0 + 8.0 * chance(i + 500) + 2e5 / x, .name = "trial " + std::to_string(i)});
  }
  Scatter::Cloud best{.name = "front", .style = 0, .dots = {}, .front = true};
  for (int i = 0; i < 8; ++i)
    best.dots.push_back({.x = 1e5 * std::pow(10.0, i * 0.16),
                         .y = 9.0 - 3.0 * (1.0 - std::exp(-i / 3.0)),
                         .name = "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|"});
  return {
      .x = {.title = "parameters", .logarithmic = true}, .y = {.title = "error %"}, .clouds = {all, best}};
}

Ranks ranks() {
  Ranks content{.methods = {}, .critical_difference = 1.62, .joined = {{0, 2}, {1, 4}, {5, 9}}};
  for (std::size_t method = 0; method < kMethods.size(); ++method)
    content.methods.push_back(
        {.name = kMethods[method],
         .style = method,
         .rank = 1.6 + 0.84 * static_cast<double>(method) + 0.1 * static_cast<double>(method % 3)});
  return content;
}

Drawing drawing() {
  return {.svg = R"(<svg xmlns="http://www.w3.org/2000/svg" width="260" height="80" viewBox="0 0 260 80">
<g fill="#aac2e8" stroke="#000"><rect x="10" y="25" width="60" height="30"/><rect x="190" y="25" width="60" height="30"/>
<path d="M70 40H190" fill="none"/></g><text x="130" y="34" text-anchor="middle" font-family="sans-serif" font-size="12">conv_3x3</text></svg>)",
          .alternative = "a cell of two nodes and one convolution"};
}

Table results() {
  Table table{.id = "results",
              .title = "Results",
              .caption = "Mean and 95 % interval over 15 seeds.",
              .columns = {{.title = "method"},
                          {.title = "test accuracy %", .number = true},
                          {.title = "trials", .number = true},
                          {.title = "best architecture", .code = true}},
              .rows = {}};
  for (std::size_t method = 0; method < kMethods.size(); ++method) {
    const double value = 94.25 - 0.11 * static_cast<double>(method);
    table.rows.push_back({{.text = kMethods[method]},
                          {.text = std::to_string(value).substr(0, 5) + " ± 0.12", .number = value},
                          {.text = "1,000", .number = 1000.0},
                          {.text = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|"}});
  }
  return table;
}

Section searches() {
  Section section{
      .id = "searches",
      .title = "Searches",
      .paragraphs = {"Each method ran with 15 seeds on NAS-Bench-201. Bands are 95 % intervals of the mean."},
      .items = {}};
  section.items.push_back(results());
  section.items.push_back(
      Figure{.id = "anytime",
             .title = "Best so far",
             .caption = "The validation accuracy of the best architecture so far, by trials.",
             .content = curves(),
             .group = "by",
             .choice = "trials"});
  section.items.push_back(
      Figure{.id = "regret",
             .title = "Regret",
             .caption = "How far the best architecture so far is from the best of the table.",
             .content = panels(),
             .group = "by",
             .choice = "simulated seconds"});
  section.items.push_back(
      Figure{.id = "final",
             .title = "Test accuracy",
             .caption = "Mean, 95 % interval and single seeds. A diamond is what the paper reports.",
             .content = intervals()});
  section.items.push_back(Figure{.id = "ranks",
                                 .title = "Mean ranks",
                                 .caption = "A bar joins methods that the Nemenyi test cannot tell apart.",
                                 .content = ranks()});
  return section;
}

Section one_shot() {
  Section section{.id = "one-shot", .title = "One-shot searches", .paragraphs = {}, .items = {}};
  section.items.push_back(Figure{.id = "losses",
                                 .title = "Training",
                                 .caption = "Accuracy and loss of the supernet.",
                                 .content = losses()});
  section.items.push_back(Figure{.id = "strengths",
                                 .title = "Strengths",
                                 .caption = "The weight of each candidate, by epochs.",
                                 .content = strengths()});
  section.items.push_back(
      Figure{.id = "cell", .title = "The cell", .caption = "What was found.", .content = drawing()});
  return section;
}

}  // namespace

Document sample_document() {
  Section objectives{.id = "objectives", .title = "Objectives", .paragraphs = {}, .items = {}};
  objectives.items.push_back(Figure{.id = "front",
                                    .title = "Front",
                                    .caption = "Parameters against error of all trials.",
                                    .content = front()});
  Section config{.id = "config", .title = "Config", .paragraphs = {}, .items = {}, .folded = true};
  config.items.push_back(Listing{.id = "config-text",
                                 .title = "config.yaml",
                                 .text =
                                     "search_space: nasbench201\noptimizer:\n  name: regularized_evolution\n"
                                     "  population_size: 100\nbudget: {trials: 1000}\nseeds: 15\n"});
  return {.title = "Eleven methods on NAS-Bench-201",
          .subtitle = "3 runs, 165 searches, 165,000 trials",
          .alarms = {{.weight = Alarm::Weight::warning,
                      .text = "darts found an architecture of 7 skip connections in 3 of 15 seeds."},
                     {.weight = Alarm::Weight::note, .text = "Costs are simulated seconds of the table."}},
          .sections = {searches(), one_shot(), objectives, config}};
}

Document hostile_document() {
  const std::string evil =
      "</script><script>evil = 1</script>\"'><img src=x onerror=\"evil = 1\">{{evil = 1}} __proto__";
  const Axis axis{.title = evil};
  Section section{.id = "s", .title = evil, .paragraphs = {evil}, .items = {}};
  section.items.push_back(Table{
      .id = "t", .title = evil, .caption = evil, .columns = {{.title = evil}}, .rows = {{{.text = evil}}}});
  section.items.push_back(Listing{.id = "l", .title = evil, .text = evil});
  const auto add = [&](const std::string& id, const auto& content) {
    section.items.push_back(Figure{.id = id,
                                   .title = evil,
                                   .caption = evil,
                                   .content = content,
                                   .group = "group " + evil,
                                   .choice = "choice " + evil});
  };
  const std::vector<Point> points = {{.x = 1.0, .y = 1.0}, {.x = 2.0, .y = 3.0}};
  add("lines",
      Lines{
          .x = axis,
          .y = axis,
          .right = axis,
          .panels = {{.title = evil, .series = {{.name = evil, .points = points}}, .rules = {{evil, 2.0}}}}});
  add("intervals", Intervals{.x = axis, .rows = {{.name = evil, .value = 1.0, .note = evil}}});
  add("map", HeatMap{.x = axis,
                     .columns = {1.0, 2.0},
                     .meaning = evil,
                     .groups = {{.name = evil, .rows = {evil}, .values = {{0.0, 1.0}}}}});
  add("scatter", Scatter{.x = axis, .y = axis, .clouds = {{.name = evil, .dots = {{1.0, 1.0, evil}}}}});
  add("ranks",
      Ranks{.methods = {{.name = evil, .rank = 1.0}, {.name = evil, .rank = 2.0}}, .joined = {{0, 1}}});
  add("drawing",
      Drawing{
          .svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" onload=\"evil = 1\"/>",
          .alternative = evil});
  return {.title = evil, .subtitle = evil, .alarms = {{.text = evil}}, .sections = {section}};
}

}  // namespace espalier::page
