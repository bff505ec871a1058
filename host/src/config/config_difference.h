#pragma once

#include <optional>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"

namespace espalier::host {

/// Where two configs differ.
struct ConfigDifference {
  std::string key;     ///< "trainer.epochs"
  std::string theirs;  ///< "50", or "not set"
  std::string ours;
};

/// The first place where `ours` is neither `theirs` nor a larger version of it; nothing when a run of
/// `theirs` can be continued as `ours`. Larger are: more seeds; more optimizers, told apart by their labels;
/// a higher number, or 0 for no limit, at one of the keys `growing` ("trainer.trials",
/// "optimizer.LABEL.trainer.trials"); a training that was not asked for before, and its dataset. Numbers are
/// compared by their values. Results of a paper and baselines, on which nothing else of the run depends, are
/// passed over.
std::optional<ConfigDifference> first_difference(const ConfigValue& theirs, const ConfigValue& ours,
                                                 const std::vector<std::string>& growing);

}  // namespace espalier::host
