#include <fmt/format.h>

#include <span>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "space/distinct.h"

// Architectures as numbers. Where all choices are active, the index of an architecture is a number in mixed
// radix: each choice is a digit, its radix is the number of candidates, and the last choice is the lowest
// digit.
namespace espalier {

double SearchSpace::size() const {
  return call_plugin(*this, "size()", [&] { return size_impl(); });
}

double SearchSpace::size_impl() const {
  if (distinct_) return distinct_->size();
  double product = 1.0;
  for (const Choice& choice : choices_) product *= static_cast<double>(choice.candidates.size());
  return product;
}

Architecture SearchSpace::at(std::uint64_t index) const {
  Architecture architecture = call_plugin(*this, "at()", [&] { return at_impl(index); });
  if (call_plugin(*this, "index_of()", [&] { return index_of_impl(architecture); }) == index)
    return architecture;
  throw UsageError({.what = fmt::format("there is no architecture {}", index),
                    .where = fmt::format("search space \"{}\"", name()),
                    .expected = fmt::format("0 to {:.0f}", size() - 1)});
}

Architecture SearchSpace::at_impl(std::uint64_t index) const {
  if (distinct_) return distinct_->at(index);
  Architecture architecture = Architecture::zeros(choices_.size());
  std::uint64_t rest = index;
  for (std::size_t i = choices_.size(); i-- > 0;) {
    architecture.set(i, rest % choices_[i].candidates.size());
    rest /= choices_[i].candidates.size();
  }
  return architecture;
}

std::uint64_t SearchSpace::index_of(const Architecture& architecture) const {
  check(architecture);
  return call_plugin(*this, "index_of()", [&] { return index_of_impl(architecture); });
}

std::uint64_t SearchSpace::index_of_impl(const Architecture& architecture) const {
  if (distinct_) return distinct_->index_of(architecture);
  std::uint64_t index = 0;
  const std::span<const Architecture::Index> chosen = architecture.choices();
  for (std::size_t i = 0; i < candidate_counts_.size(); ++i) {
    if (__builtin_mul_overflow(index, candidate_counts_[i], &index) ||
        __builtin_add_overflow(index, chosen[i], &index)) {
      throw Error({.what = "the index of the architecture needs more than 64 bits",
                   .where = fmt::format("search space \"{}\" of {:.3g} architectures", name(), size())});
    }
  }
  return index;
}

}  // namespace espalier
