#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "espalier/graph/graph.h"
#include "espalier/graph/weighting.h"
#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

/// Partial channel connections (Xu et al., 2020): the candidates of an edge read the first 1/k of its
/// channels, the others bypass them (where the edge halves height and width, through a 2×2 maximum pool), and
/// what leaves is shuffled in k groups. They save time and memory.
///
/// A choice on an edge has them if its candidates keep the number of channels and are made of layers of which
/// the k-th part is known: neither graphs, nor linear layers, slices, shuffles, grouped convolutions and
/// layers of plugins. Any other choice stays whole, and with k = 1 all do.
namespace espalier {

/// [any-thread] Throws UsageError where k does not divide the channels of such a choice.
ESPALIER_EXPORT void check_partial_channels(const SearchSpace& space, int k);

/// [one-thread] Gives partial channel connections to a supernet that `space` made. `bypass_of` is asked for
/// the weighting, of size 1, that is to weigh what bypasses the candidates of a choice.
ESPALIER_EXPORT void add_partial_channels(
    Graph& supernet, const SearchSpace& space, int k,
    const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& bypass_of);

}  // namespace espalier
