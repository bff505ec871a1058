#include "patterns.h"

#include <fmt/format.h>

namespace nasbench301 {

std::vector<std::string> pattern_names() {
  std::vector<std::string> names;
  for (const char* const cell : {"normal", "reduction"}) {
    for (std::size_t edge = 0; edge < kEdges; ++edge)
      for (std::size_t operation = 0; operation < kOperations; ++operation)
        names.push_back(fmt::format("{}_edge_{}_{}", cell, edge, operation));
    for (std::size_t low = 0; low < kOperations; ++low)
      for (std::size_t high = low; high < kOperations; ++high)
        names.push_back(fmt::format("{}_node_{}_{}", cell, low, high));
    for (std::size_t source = 0; source < kSources; ++source)
      for (std::size_t before = 0; before < kOperations; ++before)
        for (std::size_t after = 0; after < kOperations; ++after)
          names.push_back(fmt::format("{}_chain_{}_{}_{}", cell, source, before, after));
    for (std::size_t second = 0; second < kPairs[0]; ++second)
      for (std::size_t third = 0; third < kPairs[1]; ++third)
        for (std::size_t fourth = 0; fourth < kPairs[2]; ++fourth)
          names.push_back(fmt::format("{}_inputs_{}_{}_{}", cell, second, third, fourth));
  }
  return names;
}

}  // namespace nasbench301
