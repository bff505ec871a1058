#include "encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace nasbench301 {

std::array<std::size_t, 3> pairs_of(const Genotype::Cell& cell) {
  std::array<std::size_t, 3> pairs{};
  for (std::size_t node = 1; node < kNodes; ++node)
    pairs[node - 1] = pair_number(static_cast<std::size_t>(cell[2 * node].input),
                                  static_cast<std::size_t>(cell[2 * node + 1].input), node + 2);
  return pairs;
}

void check_space(const espalier::SearchSpace& space) {
  static const std::vector<std::string> kCandidates = {"none",         "max_pool_3x3", "avg_pool_3x3",
                                                       "skip_connect", "sep_conv_3x3", "sep_conv_5x5",
                                                       "dil_conv_3x3", "dil_conv_5x5"};
  const auto& choices = space.choices();
  if (choices.size() == kCells * kEdges &&
      std::ranges::all_of(choices, [](const auto& choice) { return choice.candidates == kCandidates; }))
    return;
  throw espalier::UsageError(
      {.what = "the search space \"" + space.name() + "\" is not the DARTS space that NAS-Bench-301 knows",
       .expected = fmt::format("{} choices of {}", kCells * kEdges, espalier::join_names(kCandidates)),
       .remedy = "use the search space that comes with Espalier"});
}

Genotype genotype_of(const espalier::Architecture& architecture) {
  Genotype genotype;
  std::size_t edge = 0;
  for (Genotype::Cell* const cell : {&genotype.normal, &genotype.reduction}) {
    for (std::size_t node = 0; node < kNodes; ++node) {
      std::size_t kept = 0;
      for (std::size_t input = 0; input < node + 2; ++input, ++edge) {
        const int candidate = architecture[edge];
        if (candidate == 0) continue;  // none
        if (kept < 2)
          (*cell)[2 * node + kept] = {.input = static_cast<int>(input), .operation = candidate - 1};
        ++kept;
      }
      if (kept != 2)
        throw espalier::Error(
            {.what = fmt::format("NAS-Bench-301 has no such architecture: node {} of the {} "
                                 "cell reads {} nodes",
                                 node + 2, cell == &genotype.normal ? "normal" : "reduction", kept),
             .expected = "exactly two, by operations other than none"});
    }
  }
  return genotype;
}

}  // namespace nasbench301
