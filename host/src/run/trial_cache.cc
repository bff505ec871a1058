#include "run/trial_cache.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "espalier/plugin/plugin_call.h"

namespace espalier::host {
namespace {

constexpr const char* figures_key = "figures";

std::optional<KeepsTrials::Dependencies> trial_dependencies(const TrialKeeper& keeper) {
  const auto& able = *ability<const KeepsTrials>(*keeper.benchmark);
  return call_plugin(*keeper.benchmark, "trial_dependencies()", [&] { return able.trial_dependencies(); });
}

}  // namespace

TrialCache::TrialCache(const CacheFolder& folder, const PreparedRun& run, const RunRecord& record,
                       const TrialKeeper& keeper, TrainingKey key, bool quiet)
    : folder_(folder), run_(run), record_(record), keeper_(keeper), key_(std::move(key)), quiet_(quiet) {}

/// By the choices themselves: several architectures of a space may have one text.
CacheKey TrialCache::key_of(const Architecture& architecture, int epochs) const {
  TrainingKey key = key_;
  key.architecture = fmt::format("{}", fmt::join(architecture.choices(), " "));
  key.epochs = epochs;
  return cache_key(key);
}

std::optional<std::vector<double>> TrialCache::find(const Architecture& architecture, int epochs) {
  const CacheKey key = key_of(architecture, epochs);
  const auto entry = folder_.find(key);
  if (!entry || !entry->result.contains(figures_key)) return std::nullopt;
  std::call_once(said_, [&] {
    if (!quiet_)
      spdlog::info("trials of the benchmark \"{}\" are reused from {}", keeper_.benchmark->name(),
                   folder_.entry(key).parent_path().string());
  });
  spdlog::debug("a trial is reused from {}", folder_.entry(key).string());
  return entry->result.at(figures_key).get<std::vector<double>>();
}

void TrialCache::keep(const Architecture& architecture, int epochs, const std::vector<double>& figures) try {
  if (trial_dependencies(keeper_) != key_.dependencies) return;
  if (!inputs_are_unchanged(run_, record_, keeper_.plugins)) return;
  folder_.keep(key_of(architecture, epochs), {.result = {{figures_key, figures}}, .files = {}});
} catch (const std::exception& error) {
  spdlog::warn("a trial of the benchmark \"{}\" is not kept in the cache: {}", keeper_.benchmark->name(),
               error.what());
}

TrialCaches::TrialCaches(const CacheFolder* folder, const PreparedRun& run, const RunRecord& record,
                         bool quiet) {
  if (folder == nullptr) return;
  for (const TrialKeeper& keeper : run.trial_keepers) {
    auto dependencies = trial_dependencies(keeper);
    if (!dependencies || !run.dataset) continue;
    TrainingKey key = key_of_run(run, record, keeper.plugins);
    key.what = "trial";
    key.plugin = NamedPlugin{plugin_kind<Benchmark>, keeper.benchmark->name()}.id();
    key.options = keeper.options;
    key.dependencies = *std::move(dependencies);
    TrialCache& cache = caches_.emplace_back(*folder, run, record, keeper, std::move(key), quiet);
    call_plugin(*keeper.benchmark, "keep_trials_in()",
                [&] { ability<KeepsTrials>(*keeper.benchmark)->keep_trials_in(cache); });
  }
}

}  // namespace espalier::host
