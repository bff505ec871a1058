#pragma once

#include <string>

namespace espalier {
class Primitive;
}

namespace espalier::picture {

/// What an operation does, whatever its space calls it: "zero", "skip", "conv_3x3", "depthwise_3x3",
/// "sep_conv_5x5", "dil_conv_3x3", "max_pool_3x3", "avg_pool_3x3". Norms and activations do not count. Of
/// anything else, its name.
std::string meaning_of(const Primitive& primitive);

}  // namespace espalier::picture
