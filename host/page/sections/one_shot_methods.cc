#include "page/sections/one_shot_methods.h"

namespace espalier::page {
namespace {

using host::OneShotHistory;

/// Mean and interval over the seeds, by epoch, as far as all of them know the figure.
Series mean_series(const OneShotMethod& method, const EpochFigure& get, const Metric& metric) {
  Series series{.name = method.name, .style = method.style, .points = {}};
  for (std::size_t i = 0; i < method.searches.front()->epochs.size(); ++i) {
    std::vector<double> values;
    for (const OneShotHistory* search : method.searches)
      if (i < search->epochs.size())
        if (const auto value = get(*search, search->epochs[i])) values.push_back(*value);
    if (values.size() < method.searches.size()) continue;
    const host::Statistics figure = host::statistics(values, metric);
    series.points.push_back({.x = static_cast<double>(method.searches.front()->epochs[i].epoch),
                             .y = figure.mean,
                             .band = figure.interval});
  }
  return series;
}

}  // namespace

std::vector<OneShotMethod> methods_of(const Material& material) {
  std::vector<OneShotMethod> methods;
  for (const OneShotHistory& history : material.histories()) {
    const std::string& name = material.name_of(*history.run, history.label);
    if (methods.empty() || methods.back().name != name)
      methods.push_back({.name = name, .style = material.style(name), .searches = {}});
    methods.back().searches.push_back(&history);
  }
  return methods;
}

void add_series(Panel& panel, const OneShotMethod& method, const EpochFigure& figure, const Metric& metric,
                bool right) {
  Series series = mean_series(method, figure, metric);
  series.right = right;
  if (right) series.name += ", supernet";
  if (!series.points.empty()) panel.series.push_back(std::move(series));
}

}  // namespace espalier::page
