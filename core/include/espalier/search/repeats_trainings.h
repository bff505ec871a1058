#pragma once

#include <map>
#include <optional>
#include <string>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/trainer.h"

namespace espalier {

/// The ability of a trainer to give the same training from scratch again, to the bit. A run then keeps the
/// trainings in its cache, and reuses them from there (`cache:` in a config).
class ESPALIER_EXPORT RepeatsTrainings {
 public:
  /// What a training depends on, by a name for each, beside what a run knows itself: the architecture, the
  /// options of trainer and space, the dataset and its images, the seed, the plugins and the files that they
  /// read (ReadsFiles), the kind of CPU.
  using Dependencies = std::map<std::string, std::string>;

  /// [one-thread] The dependencies under the trainer's options on this machine: how many threads the options
  /// come to, for example, and the versions of libraries. Nothing where a training would not be the same
  /// again, because the clock ends it, for example. A run asks before a training and after it, and keeps the
  /// training only where both answers are the same.
  virtual std::optional<Dependencies> training_dependencies() const = 0;

 protected:
  ~RepeatsTrainings() = default;
};

/// [one-thread] The same of a trainer that may lack the ability; nothing where it does.
inline std::optional<RepeatsTrainings::Dependencies> training_dependencies(const Trainer& trainer) {
  const auto* const able = ability<const RepeatsTrainings>(trainer);
  if (able == nullptr) return std::nullopt;
  return call_plugin(trainer, "training_dependencies()", [&] { return able->training_dependencies(); });
}

}  // namespace espalier
