#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "espalier/data/dataset.h"
#include "espalier/host/config/component.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/summary.h"
#include "espalier/space/search_space.h"
#include "run/seed_journal.h"

namespace espalier::host {

class Progress;

/// What all trainings from scratch of a run share; none of it changes while they run.
struct EvaluationContext {
  const Component& trainer;
  const SearchSpace& space;
  const Dataset& dataset;
  PluginRegistry& registry;
  std::function<bool()> stop_requested;
};

/// Trains an architecture in the folder of `place`, from the checkpoint that is there, and leaves its weights
/// and its result.
void run_evaluation(const std::string& architecture, const SeedJournal::Search& place,
                    const EvaluationContext& context, Progress& progress);

}  // namespace espalier::host
