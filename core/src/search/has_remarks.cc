#include "espalier/search/has_remarks.h"

#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"

namespace espalier {

std::vector<std::string> remarks(const Benchmark& benchmark) {
  const auto* const able = ability<const HasRemarks>(benchmark);
  if (able == nullptr) return {};
  return call_plugin(benchmark, "remarks()", [&] { return able->remarks(); });
}

}  // namespace espalier
