#include "espalier/search/needs_preparation.h"

#include "espalier/plugin/plugin_call.h"

namespace espalier {

void prepare(Benchmark& benchmark) {
  auto* const needy = ability<NeedsPreparation>(benchmark);
  if (needy == nullptr) return;
  if (!call_plugin(benchmark, "needs_preparation()", [&] { return needy->needs_preparation(); })) return;
  NullJournal journal;
  const std::string bytes = call_plugin(benchmark, "prepare()", [&] { return needy->prepare(journal); });
  call_plugin(benchmark, "load_preparation()", [&] { needy->load_preparation(bytes); });
}

}  // namespace espalier
