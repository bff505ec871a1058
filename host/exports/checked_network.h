#pragma once

#include <memory>
#include <string>

#include "espalier/search/trainer.h"
#include "espalier/search/uses_weights.h"
#include "exports/image_input.h"

namespace espalier::exports {

/// Opens a network by a trainer's ability UsesWeights, as open_network() does. Where the plugin fails, or
/// gives another number of logits than images × classes, the network throws a PluginFailure that names it.
/// `trainer` outlives it.
std::unique_ptr<TrainedNetwork> open_checked_network(const Trainer& trainer, const SearchSpace& space,
                                                     const Architecture& architecture,
                                                     const StoredTensors& weights, const std::string& where,
                                                     const ImageInput& input);

}  // namespace espalier::exports
