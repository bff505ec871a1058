#include "distinct_architectures.h"

#include <fmt/format.h>

#include <unordered_set>

#include "espalier/errors/errors.h"
#include "espalier/random/random.h"
#include "text/text.h"

namespace espalier::program {
namespace {

constexpr RngStream kSamples("rank");

/// To draw all but one of n architectures takes about n ln n draws, which is 16 n for the most that we draw.
constexpr std::uint64_t kDrawsForEach = 64;
constexpr std::uint64_t kDrawsMore = 1000;

std::vector<Architecture> all_of(const SearchSpace& space) {
  std::vector<Architecture> all;
  const auto size = static_cast<std::uint64_t>(space.size());
  all.reserve(size);
  for (std::uint64_t index = 0; index < size; ++index) all.push_back(space.at(index));
  return all;
}

}  // namespace

std::vector<Architecture> distinct_architectures(const SearchSpace& space, std::optional<std::uint64_t> count,
                                                 std::uint64_t seed) {
  const double size = space.size();
  if (!count && size > static_cast<double>(kMostArchitectures))
    throw UsageError(
        {.what = fmt::format("the search space \"{}\" has {} architectures", space.name(), count_text(size)),
         .where = "--samples all",
         .expected = fmt::format("at most {}", grouped(kMostArchitectures)),
         .remedy = "draw some of them, e.g. --samples 1000"});
  if (!count || static_cast<double>(*count) >= size) return all_of(space);

  std::vector<Architecture> drawn;
  std::unordered_set<Architecture> known;
  drawn.reserve(*count);
  for (std::uint64_t i = 0; drawn.size() < *count; ++i) {
    if (i >= kDrawsMore + kDrawsForEach * *count)
      throw Error(
          {.what = fmt::format("{} draws from the search space \"{}\" gave {} of {} distinct architectures",
                               i, space.name(), drawn.size(), *count),
           .remedy = "ask for fewer with --samples; the space does not draw uniformly, which is a "
                     "mistake in the plugin: report it to its author"});
    Rng rng(seed, kSamples, i);
    Architecture architecture = space.sample(rng);
    if (known.insert(architecture).second) drawn.push_back(std::move(architecture));
  }
  return drawn;
}

}  // namespace espalier::program
