#include "encoding.h"

namespace nasbench301 {

std::array<std::size_t, 3> pairs_of(const Genotype::Cell& cell) {
  std::array<std::size_t, 3> pairs{};
  for (std::size_t node = 1; node < kNodes; ++node)
    pairs[node - 1] = pair_number(static_cast<std::size_t>(cell[2 * node].input),
                                  static_cast<std::size_t>(cell[2 * node + 1].input), node + 2);
  return pairs;
}

Genotype genotype_of(const espalier::Architecture& architecture) {
  Genotype genotype;
  std::size_t edge = 0;
  for (Genotype::Cell* const cell : {&genotype.normal, &genotype.reduction}) {
    std::size_t kept = 0;
    for (std::size_t node = 0; node < kNodes; ++node)
      for (std::size_t input = 0; input < node + 2; ++input, ++edge)
        if (const int candidate = architecture[edge]; candidate != 0)  // candidate 0 is none
          (*cell)[kept++] = {.input = static_cast<int>(input), .operation = candidate - 1};
  }
  return genotype;
}

}  // namespace nasbench301
