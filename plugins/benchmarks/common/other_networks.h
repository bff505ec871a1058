#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "espalier/layers/shape.h"
#include "espalier/space/search_space.h"

/// The networks whose figures a table has.
struct TableNetworks {
  espalier::Shape images = {};  ///< what they take
  int classes = 0;              ///< how many they tell apart
  // The same of a space that is made without options, which only names architectures to look up. This counts
  // as the table's, too, whatever dataset or task is looked up.
  espalier::Shape default_images = {};
  int default_classes = 0;
  std::int64_t parameters = 0;     ///< of one of them, with default_images and default_classes
  std::int64_t stem_channels = 0;  ///< of the 3×3 convolution that the image enters
  std::int64_t features = 0;       ///< what enters the classifier of that one
};

/// The remark that the figures of `table` are of other networks than those of `space`, such as "images of
/// 1×28×28 instead of 3×32×32". Empty where they are the same. `architecture` is the one that has
/// TableNetworks::parameters.
std::vector<std::string> of_other_networks(const std::string& table, const espalier::SearchSpace& space,
                                           const espalier::Architecture& architecture,
                                           const TableNetworks& networks);
