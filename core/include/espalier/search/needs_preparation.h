#pragma once

#include <string>
#include <string_view>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/journal.h"

namespace espalier {

/// The ability of a benchmark to need a preparation that takes long: it trains a supernet or fits a surrogate
/// before it answers. A run does so once, as a phase of its own that is journaled and can be stopped and
/// resumed, and hands what was prepared to every process that continues the run.
class ESPALIER_EXPORT NeedsPreparation {
 public:
  /// [any-thread] Whether it does so under its options.
  virtual bool needs_preparation() const = 0;
  /// [one-thread] Prepares, from the journal's checkpoint where it has one, after adapt() and before any
  /// query. Returns what load_preparation() takes. The result depends on the options alone. Throws
  /// Interrupted after a checkpoint when the journal asks to stop.
  virtual std::string prepare(Journal& journal) = 0;
  /// [one-thread] Takes what prepare() returned, in this process or in an earlier one; queries may follow.
  /// Throws Error when it is damaged.
  virtual void load_preparation(std::string_view bytes) = 0;

 protected:
  ~NeedsPreparation() = default;
};

/// [one-thread] Prepares a benchmark outside of a run, where that is needed. Call it after adapt().
ESPALIER_EXPORT void prepare(Benchmark& benchmark);

}  // namespace espalier
