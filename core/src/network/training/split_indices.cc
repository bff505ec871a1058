#include <fmt/format.h>

#include <numeric>

#include "espalier/errors/errors.h"
#include "espalier/network/training/data_loader.h"
#include "random/shuffle.h"

namespace espalier {

IndexSplit split_indices(std::size_t count, double fraction, std::uint64_t seed) {
  // Compared before the conversion: what a std::size_t cannot hold must not become one.
  const double trained = fraction * static_cast<double>(count);
  if (!(trained >= 1.0 && trained < static_cast<double>(count))) {
    throw UsageError({.what = fmt::format("{} of {} images to train on", fraction, count),
                      .expected = "a fraction between 0 and 1 that leaves an image to each part"});
  }
  IndexSplit split;
  split.train.resize(count);
  std::iota(split.train.begin(), split.train.end(), 0U);
  shuffle(split.train, Rng(seed, "split"));
  const auto middle = split.train.begin() + static_cast<std::ptrdiff_t>(trained);
  split.validation.assign(middle, split.train.end());
  split.train.erase(middle, split.train.end());
  return split;
}

}  // namespace espalier
