#include "espalier/search/pareto.h"

namespace espalier {

bool dominates(const Outcome& a, const Outcome& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i] < b.values[i]) return false;
    better = better || a.values[i] > b.values[i];
  }
  return better;
}

}  // namespace espalier
