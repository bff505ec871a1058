#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/export.h"

namespace espalier {

/// The ability of an optimizer to search in stages (`stages:` of a config), as progressive methods do
/// (P-DARTS, Chen et al., 2019). Each stage is a whole search by an optimizer of its own, which has the
/// options of the stage. The search spaces of all stages have the same choices, perhaps in larger and larger
/// networks, and what the optimizer of one stage passes on, that of the next one takes over.
class ESPALIER_EXPORT SearchesInStages {
 public:
  /// [one-thread] What the next stage is to know. Called once, at the end of the search of a stage.
  virtual nlohmann::json pass_on() const = 0;
  /// [one-thread] Takes over what pass_on() returned in the stage before. Called after adapt() and before the
  /// search of the stage begins, or goes on from a checkpoint. The first stage has nothing to take over.
  virtual void take_over(const nlohmann::json& passed) = 0;

 protected:
  ~SearchesInStages() = default;
};

}  // namespace espalier
