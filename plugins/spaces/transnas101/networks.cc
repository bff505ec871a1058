#include "networks.h"

#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"

namespace transnas101 {

using namespace espalier;

NetworkOptions read_options(const Config& config) {
  NetworkOptions options;
  options.classes = config.integer(
      "classes", 75, "how many classes the network tells apart; the default is that of class_object",
      between(1, 100'000));
  options.channels = config.integer("channels", 64, "how many channels the stem gives; modules double them",
                                    between(2, 1024));
  const int size =
      config.integer("image_size", 256, "the height and width of the images, in pixels", between(4, 1024));
  const int channels = config.integer(
      "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));
  options.images = {channels, size, size};
  return options;
}

Block first_block(int kind, int in_channels) {
  return {.in_channels = in_channels,
          .channels = kind % 2 == 0 ? 2 * in_channels : in_channels,
          .stride = kind > 2 ? 2 : 1};
}

Primitive stem(int channels) {
  const Conv2d halving = {.kernel = 3, .stride = 2, .padding = 1};
  Conv2d first = halving;
  first.out_channels = channels / 2;
  Conv2d second = halving;
  second.out_channels = channels;
  return {"stem", std::vector<Layer>{first, BatchNorm{}, ReLU{}, second, BatchNorm{}}};
}

void refuse(const TokenReader& in, const std::string& expected, const std::string& remedy) {
  constexpr std::size_t kLongest = 100;
  throw UsageError(
      {.what = "not an architecture of TransNAS-Bench-101: " + in.found(),
       .where = "character " + std::to_string(in.position + 1) + " of " + quoted(in.text, kLongest),
       .expected = expected,
       .remedy = remedy});
}

}  // namespace transnas101
