#pragma once

#include "espalier/config/config_value.h"
#include "espalier/data/dataset.h"

namespace espalier::host {

/// What a search space is told of a dataset: a value for each of its options `classes`, `image_size` and
/// `image_channels` that the config leaves out. Images that are not square have no `image_size`. Without a
/// dataset the map is empty.
ConfigValue facts_for_space(const Dataset* dataset);

}  // namespace espalier::host
