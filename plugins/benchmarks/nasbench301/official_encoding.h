#pragma once

#include <array>
#include <cstddef>

#include "genotype.h"

namespace nasbench301 {

/// How many values the official surrogates of NAS-Bench-301 read.
constexpr std::size_t kEncodingSize = 56;
using Encoding = std::array<double, kEncodingSize>;

/// A genotype as the official surrogates read it: the vector that ConfigSpace 0.4.12 gives for it, with -1
/// where a parameter is not active. Each edge that is kept is the index of its operation; the two inputs of a
/// node are the index of their pair in the order 0_1, 0_2, …; the rest is how the published networks were
/// trained, and constant.
Encoding official_encoding(const Genotype& genotype);

}  // namespace nasbench301
