#pragma once

#include <functional>
#include <map>
#include <string>

#include "espalier/space/search_space.h"

namespace espalier::host {

/// Who brings the layers that are not of the alphabet.
class LayerOwners {
 public:
  /// Throws Error, naming both files, when a layer of `space` has the name of one that another file brought.
  void add(const SearchSpace& space);

 private:
  std::map<std::string, std::string, std::less<>> origins_;  ///< by the layer's name
};

}  // namespace espalier::host
