#pragma once

#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/config/stage_config.h"

namespace espalier::host {

/// The stages of one optimizer. The search space, the optimizer and its trainer are those of `run`. Throws
/// UsageError for anything that is not a list of maps of options.
std::vector<StageConfig> parse_stages(const ConfigValue& value, const RunConfig& run,
                                      const Component& optimizer);

}  // namespace espalier::host
