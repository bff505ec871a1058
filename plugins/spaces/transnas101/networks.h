#pragma once

#include <string>
#include <string_view>

#include "espalier/config/config.h"
#include "espalier/graph/operation.h"
#include "espalier/layers/shape.h"
#include "espalier/space/token_reader.h"

/// What the networks of both spaces of TransNAS-Bench-101 (Duan et al., 2021) have in common: a stem that
/// divides the image's size by four, modules of two blocks each, and a classifier. A digit from 1 to 4 says
/// what the first block of a module does: 2 and 4 double the channels, 3 and 4 halve the size.
namespace transnas101 {

/// In an architecture's string: "64-41414-1_02_333", "64-1234-basic".
inline constexpr std::string_view kPrefix = "64-";
inline constexpr int kBlocks = 2;  ///< of a module

/// The options of both spaces.
struct NetworkOptions {
  int classes = 0;
  int channels = 0;
  espalier::Shape images = {};
};
NetworkOptions read_options(const espalier::Config& config);

/// What a block does to what enters it.
struct Block {
  int in_channels = 0;
  int channels = 0;
  int stride = 1;
};
/// The first block of a module of this kind, 1 to 4.
Block first_block(int kind, int in_channels);

espalier::Primitive stem(int channels);

/// Throws UsageError that says what stands at `in` in place of what was expected.
[[noreturn]] void refuse(const espalier::TokenReader& in, const std::string& expected,
                         const std::string& remedy);

}  // namespace transnas101
