#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/space/search_space.h"
#include "plugins/csv.h"

namespace espalier::testing {

/// Compares parameters and FLOPs of "micro" or "macro" networks with those of Suite-Zero, which counts the
/// network of class_object with 100 classes, in millions with seven digits. `all` is how many rows there are;
/// of them every `stride`-th is compared.
inline void expect_counts_of_the_suite(host::Host& host, const std::string& kind, std::size_t stride,
                                       std::size_t all) {
  const Csv counts("transnas101_counts.csv.gz");
  const auto space = host.search_space("transnas101_" + kind, "{classes: 100}");
  std::size_t compared = 0;
  for (std::size_t row = 0; row < counts.strings.size(); row += stride) {
    if (counts.texts.at("space")[row] != kind) continue;
    const LayerGraph layers = flatten(space->instantiate(space->parse(counts.strings[row])),
                                      space->input_shape(), Purpose::evaluation);
    ASSERT_EQ(fmt::format("{:.7g}", static_cast<double>(layers.parameters()) / 1e6),
              counts.texts.at("params_m")[row])
        << counts.strings[row];
    ASSERT_EQ(fmt::format("{:.7g}", static_cast<double>(layers.flops()) / 1e6),
              counts.texts.at("flops_m")[row])
        << counts.strings[row];
    ++compared;
  }
  EXPECT_GT(compared, 5U);
  if (stride == 1) {
    EXPECT_EQ(compared, all);
  }
}

}  // namespace espalier::testing
