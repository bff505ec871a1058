#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"

// What every space gets from its choices alone: counting, drawing, changing, encoding.
namespace espalier {

double SearchSpace::size() const {
  return call_plugin(*this, "size()", [&] { return size_impl(); });
}

double SearchSpace::size_impl() const {
  double product = 1.0;
  for (const Choice& choice : choices_) product *= static_cast<double>(choice.candidates.size());
  return product;
}

void SearchSpace::check(const Architecture& architecture) const {
  if (architecture.size() != choices_.size()) {
    throw UsageError({.what = fmt::format("an architecture of {} choices", architecture.size()),
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = fmt::format("{} choices", choices_.size())});
  }
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (architecture[i] < choices_[i].candidates.size()) continue;
    throw UsageError({.what = fmt::format("candidate {} at {}", architecture[i], choices_[i].name),
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = fmt::format("0 to {}", choices_[i].candidates.size() - 1)});
  }
  call_plugin(*this, "check()", [&] { check_impl(architecture); });
}

Architecture SearchSpace::sample(Rng& rng) const {
  Architecture sample = call_plugin(*this, "sample()", [&] { return sample_impl(rng); });
  check_answer(*this, "sample()", *this, sample);
  return sample;
}

Architecture SearchSpace::sample_impl(Rng& rng) const {
  Architecture architecture = Architecture::zeros(choices_.size());
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    architecture.set(i, rng.below(choices_[i].candidates.size()));
  }
  return architecture;
}

Architecture SearchSpace::mutate(const Architecture& architecture, Rng& rng) const {
  check(architecture);
  Architecture mutant = call_plugin(*this, "mutate()", [&] { return mutate_impl(architecture, rng); });
  check_answer(*this, "mutate()", *this, mutant);
  return mutant;
}

Architecture SearchSpace::mutate_impl(const Architecture& architecture, Rng& rng) const {
  const auto open = [](const Choice& choice) { return choice.candidates.size() > 1; };
  auto skip = rng.below(static_cast<std::size_t>(std::ranges::count_if(choices_, open)));
  auto choice = std::ranges::find_if(choices_, open);
  for (; skip > 0; --skip) choice = std::find_if(choice + 1, choices_.end(), open);

  const auto position = static_cast<std::size_t>(choice - choices_.begin());
  const std::size_t other = rng.below(choice->candidates.size() - 1);
  Architecture mutant = architecture;
  mutant.set(position, other < architecture[position] ? other : other + 1);
  return mutant;
}

std::vector<Architecture> SearchSpace::neighbours(const Architecture& architecture) const {
  check(architecture);
  return call_plugin(*this, "neighbours()", [&] { return neighbours_impl(architecture); });
}

std::vector<Architecture> SearchSpace::neighbours_impl(const Architecture& architecture) const {
  std::vector<Architecture> found;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    for (std::size_t candidate = 0; candidate < choices_[i].candidates.size(); ++candidate) {
      if (candidate != architecture[i]) found.emplace_back(architecture).set(i, candidate);
    }
  }
  return found;
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
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    if (__builtin_mul_overflow(index, choices_[i].candidates.size(), &index) ||
        __builtin_add_overflow(index, architecture[i], &index)) {
      throw Error({.what = "the index of the architecture needs more than 64 bits",
                   .where = fmt::format("search space \"{}\" of {:.3g} architectures", name(), size())});
    }
  }
  return index;
}

std::vector<int> SearchSpace::categorical_encoding(const Architecture& architecture) const {
  check(architecture);
  const auto choices = architecture.choices();
  return {choices.begin(), choices.end()};
}

std::vector<float> SearchSpace::one_hot_encoding(const Architecture& architecture) const {
  check(architecture);
  std::vector<float> encoding;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const std::size_t begin = encoding.size();
    encoding.resize(begin + choices_[i].candidates.size(), 0.0F);
    encoding[begin + architecture[i]] = 1.0F;
  }
  return encoding;
}

Architecture SearchSpace::discretize(const std::vector<std::vector<double>>& weights) const {
  const bool fits = std::equal(weights.begin(), weights.end(), choices_.begin(), choices_.end(),
                               [](const std::vector<double>& of_choice, const Choice& choice) {
                                 return of_choice.size() == choice.candidates.size();
                               });
  if (!fits) {
    throw UsageError({.what = "the weights do not belong to this search space",
                      .where = fmt::format("search space \"{}\"", name()),
                      .expected = "a weight for every candidate of every choice"});
  }
  return call_plugin(*this, "discretize()", [&] { return discretize_impl(weights); });
}

Architecture SearchSpace::discretize_impl(const std::vector<std::vector<double>>& weights) const {
  Architecture architecture = Architecture::zeros(choices_.size());
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const auto largest = std::ranges::max_element(weights[i]);
    architecture.set(i, static_cast<std::size_t>(largest - weights[i].begin()));
  }
  return architecture;
}

}  // namespace espalier
