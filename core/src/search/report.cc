#include "espalier/search/report.h"

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"

namespace espalier {
namespace {

Lookup report_lookup(const Benchmark& benchmark) {
  const std::string name = benchmark.report_metric();
  if (!name.empty()) return benchmark.resolve({.metric = name});
  throw UsageError({.what = "the benchmark \"" + benchmark.name() + "\" has nothing to report",
                    .expected = "a benchmark with a metric such as test_accuracy"});
}

}  // namespace

Report::Report(const Benchmark& benchmark)
    : benchmark_(benchmark),
      lookup_(report_lookup(benchmark)),
      metric_(benchmark.metrics()[lookup_.metric]) {}

std::optional<double> Report::value(const Architecture& architecture) const try {
  return benchmark_.value(architecture, lookup_);
} catch (const PluginFailure&) {
  throw;
} catch (const UsageError&) {
  throw;
} catch (const Error&) {
  return std::nullopt;  // the benchmark has no value for this architecture
}

std::optional<double> Report::best() const { return benchmark_.best(metric_.name); }

}  // namespace espalier
