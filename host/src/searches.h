#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "espalier/host/plugin_registry.h"
#include "espalier/host/run_config.h"
#include "espalier/host/summary.h"
#include "espalier/trainer.h"

namespace espalier::host {

class Progress;
class RunDirectory;

/// One optimizer with one seed, and what of it is still to do.
struct Search {
  const Component* optimizer;
  std::uint64_t seed;
  bool searched = false;  ///< its result is there
  bool trained = true;    ///< its result is there, or the run trains nothing from scratch
};

/// What all searches of a run share; none of it changes while they run.
struct SearchContext {
  const Component& trainer;
  const Component* evaluate;  ///< the trainer of what was found, or null
  const SearchSpace& space;
  Resources resources;
  const RunDirectory& directory;
  PluginRegistry& registry;
  std::chrono::duration<double> checkpoint_interval;
  std::function<bool()> stop_requested;
};

/// Runs the searches on `jobs` threads, each with the training of what it found. Every one that ends leaves
/// its result in the directory. Throws the first error, after those in progress have ended, or Interrupted
/// after a stop.
void run_searches(const std::vector<Search>& searches, std::size_t jobs, const SearchContext& context,
                  Progress& progress);

}  // namespace espalier::host
