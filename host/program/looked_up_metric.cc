#include "looked_up_metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier::program {
namespace {

/// The colon behind which a metric stands: not one within the braces of options.
std::size_t colon_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const bool in_braces = colon != text.npos && text.find('}', colon) != text.npos;
  return in_braces ? text.npos : colon;
}

}  // namespace

const std::vector<std::string>& space_metrics() {
  static const std::vector<std::string> names = {"parameters", "multiply_adds", "activation_bytes"};
  return names;
}

MetricText MetricText::from(const std::string& text, const std::string& argument) {
  if (std::ranges::find(space_metrics(), text) != space_metrics().end())
    return {.benchmark = {}, .metric = text};
  const std::size_t colon = colon_of(text);
  if (colon == text.npos) return {.benchmark = text, .metric = {}};
  if (colon == 0 || colon + 1 == text.size())
    throw UsageError({.what = fmt::format("no {} stands {} the colon", colon == 0 ? "benchmark" : "metric",
                                          colon == 0 ? "before" : "behind"),
                      .where = "argument " + argument,
                      .expected = "BENCHMARK:METRIC, or BENCHMARK for the metric that its searches optimize",
                      .remedy = "`espalier describe benchmark NAME` lists the metrics"});
  return {.benchmark = text.substr(0, colon), .metric = text.substr(colon + 1)};
}

LookedUpMetric::LookedUpMetric(const MetricText& text, std::shared_ptr<const Benchmark> benchmark,
                               const SearchSpace& space)
    : benchmark_(std::move(benchmark)) {
  if (benchmark_ == nullptr) {
    of_space_ = std::make_unique<const ObjectiveFunction>(
        space, Objectives{.benchmarks = {}, .metrics = {{.name = text.metric}}});
    metric_ = of_space_->metrics().front();
    label_ = metric_.name;
  } else {
    lookup_ = benchmark_->resolve({.metric = text.metric});
    metric_ = benchmark_->metrics()[lookup_.metric];
    label_ = text.benchmark + ":" + metric_.name;
  }
}

std::optional<double> LookedUpMetric::value(const Architecture& architecture) const {
  if (of_space_) return of_space_->in_units(of_space_->outcome(architecture)).front();
  try {
    const double value = benchmark_->value(architecture, lookup_);
    if (!std::isfinite(value))
      throw_plugin_mistake(*benchmark_,
                           fmt::format("the plugin's value() gave {} as {}", value, metric_.name),
                           "a finite number");
    return value;
  } catch (const UsageError&) {
    throw;
  } catch (const PluginFailure&) {
    throw;
  } catch (const Error&) {
    if (metric_.partial) return std::nullopt;
    throw;
  }
}

}  // namespace espalier::program
