#include "official_encoding.h"

#include "encoding.h"

namespace nasbench301 {

namespace {

constexpr double kInactive = -1;

/// Where the parameters of a kind of cell stand. Those that depend on others come behind all that do not, and
/// they are sorted as texts: edges 10 to 13 before 2.
struct CellSlots {
  std::array<std::size_t, kEdges> edges;
  std::array<std::size_t, kNodes> inputs;  // the first node's two inputs are given: it has no slot
};
constexpr std::size_t kNoSlot = 0;
constexpr CellSlots kNormal{.edges = {10, 11, 36, 37, 38, 39, 40, 41, 42, 43, 32, 33, 34, 35},
                            .inputs = {kNoSlot, 15, 16, 17}};
constexpr CellSlots kReduction{.edges = {12, 13, 48, 49, 50, 51, 52, 53, 54, 55, 44, 45, 46, 47},
                               .inputs = {kNoSlot, 18, 19, 20}};

/// The training that the surrogates predict, scaled as ConfigSpace does; the other slots are 0.
constexpr Encoding training() {
  Encoding values{};
  values[0] = 0.5863451791322545;     // batch size 96
  values[4] = 0.16666444442962952;    // one hole of cutout
  values[5] = 0.3099999239999697;     // of 16 pixels
  values[14] = 0.003149999006299998;  // 32 channels
  values[21] = 0.000749999001499998;  // 8 cells
  values[24] = -3.6888794541139363;   // ln of the learning rate 0.025
  values[25] = 0.8988764044943821;    // momentum 0.9
  values[26] = -8.111728083308073;    // ln of the weight decay 0.0003
  values[27] = 0.009949999019899998;  // 100 epochs
  values[28] = 1e-12;                 // the last learning rate 1e-8
  values[31] = 0.7051278400653053;    // mixup 0.2
  return values;
}

void encode(const Genotype::Cell& cell, const CellSlots& slots, Encoding& values) {
  for (const std::size_t slot : slots.edges) values[slot] = kInactive;
  for (std::size_t node = 0; node < kNodes; ++node) {
    const auto first = static_cast<std::size_t>(cell[2 * node].input);
    const auto second = static_cast<std::size_t>(cell[2 * node + 1].input);
    values[slots.edges[edge_number(node, first)]] = cell[2 * node].operation;
    values[slots.edges[edge_number(node, second)]] = cell[2 * node + 1].operation;
    if (node > 0) values[slots.inputs[node]] = static_cast<double>(pair_number(first, second, node + 2));
  }
}

}  // namespace

Encoding official_encoding(const Genotype& genotype) {
  Encoding values = training();
  encode(genotype.normal, kNormal, values);
  encode(genotype.reduction, kReduction, values);
  return values;
}

}  // namespace nasbench301
