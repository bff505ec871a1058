#include "search/metric_source.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

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
       .help = "the multiply-adds of the network that is trained from scratch, for one image"}};
  return all;
}

double SpaceMetrics::value(const Architecture& architecture, std::size_t metric) const {
  const auto pick = [metric](const Counts& counts) {
    return static_cast<double>(metric == 0 ? counts.parameters : counts.multiply_adds);
  };
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(architecture); known != known_.end()) return pick(known->second);
  }
  const Counts counts{.parameters = space_.parameters(architecture),
                      .multiply_adds = space_.multiply_adds(architecture)};
  const std::lock_guard lock(mutex_);
  return pick(known_.emplace(architecture, counts).first->second);
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
