#include "search/metric_source.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plan/layer_graph.h"

namespace espalier {

const std::vector<Metric>& SpaceMetrics::metrics() {
  static const std::vector<Metric> all = {
      {.name = "parameters",
       .unit = "count",
       .direction = Direction::minimize,
       .help = "the learnable values of the network that is trained from scratch"},
      {.name = "multiply_adds",
       .unit = "count",
       .direction = Direction::minimize,
       .help = "the multiply-adds of the network that is trained from scratch, for one image"},
      {.name = "activation_bytes",
       .unit = "bytes",
       .direction = Direction::minimize,
       .help = "the peak of the activations of that network in inference, for one image of 32-bit numbers"}};
  return all;
}

double SpaceMetrics::value(const Architecture& architecture, std::size_t metric) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(architecture); known != known_.end()) return known->second[metric];
  }
  const LayerGraph network = space_.layers(architecture);
  const Counts counts = {static_cast<double>(network.parameters()),
                         static_cast<double>(network.multiply_adds()),
                         static_cast<double>(network.activation_bytes())};
  const std::lock_guard lock(mutex_);
  return known_.emplace(architecture, counts).first->second[metric];
}

MetricSource MetricSource::find(const std::string& name, const std::vector<const Benchmark*>& benchmarks,
                                const std::string& where) {
  std::vector<std::string> known;
  const auto look = [&](const Benchmark* owner,
                        const std::vector<Metric>& listed) -> std::optional<MetricSource> {
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (listed[i].name == name) return MetricSource{.benchmark = owner, .index = i, .metric = listed[i]};
      if (std::ranges::find(known, listed[i].name) == known.end()) known.push_back(listed[i].name);
    }
    return std::nullopt;
  };
  if (auto of_space = look(nullptr, SpaceMetrics::metrics())) return *of_space;
  for (const Benchmark* benchmark : benchmarks) {
    auto found = look(benchmark, benchmark->metrics());
    if (!found) continue;
    found->epochs = benchmark->epochs(name);
    return *found;
  }
  throw UsageError({.what = "no benchmark of this search knows the metric \"" + name + "\"",
                    .where = where,
                    .expected = "one of " + join_names(known),
                    .nearest = nearest(name, known)});
}

}  // namespace espalier
