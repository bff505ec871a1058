#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

/// Where a benchmark keeps what trials gave it, beyond the run. A host implements it. All functions are
/// [any-thread].
class ESPALIER_EXPORT TrialStore {
 public:
  /// The figures that were kept of an architecture after so many epochs; nothing where none were. Each is the
  /// very number that was kept.
  virtual std::optional<std::vector<double>> find(const Architecture& architecture, int epochs) = 0;
  /// Keeps finite figures. Throws nothing because of the disk: they are then trained again another time.
  virtual void keep(const Architecture& architecture, int epochs, const std::vector<double>& figures) = 0;

 protected:
  ~TrialStore() = default;
};

/// The ability of a benchmark whose trials take long to keep what they gave, so that other runs need not
/// train the same networks again (`cache:` in a config).
class ESPALIER_EXPORT KeepsTrials {
 public:
  using Dependencies = std::map<std::string, std::string>;

  /// [any-thread] What a trial depends on, as RepeatsTrainings::training_dependencies() says it of a
  /// training.
  virtual std::optional<Dependencies> trial_dependencies() const = 0;
  /// [one-thread] From now on the benchmark asks `store` before it trains, and keeps there what it trained.
  /// Comes after Benchmark::adapt() and before the first query. The store outlives all queries.
  virtual void keep_trials_in(TrialStore& store) = 0;

 protected:
  ~KeepsTrials() = default;
};

}  // namespace espalier
