#pragma once

#include <functional>
#include <memory>

#include "espalier/graph/graph.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// The supernet of `space` under an optimizer's weightings, after `change`. Throws PluginFailure, which names
/// the optimizer, when a change left something that cannot be run or that a choice has no effect on.
Graph make_supernet(const Plugin& optimizer, const SearchSpace& space,
                    const std::function<std::shared_ptr<OpWeighting>(std::size_t choice)>& weighting_of,
                    const std::function<void(Graph&)>& change);

}  // namespace espalier
