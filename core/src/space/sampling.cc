#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"

namespace espalier {

Architecture SearchSpace::sample(Rng& rng) const {
  Architecture sample = call_plugin(*this, "sample()", [&] { return sample_impl(rng); });
  check_answer(*this, "sample()", *this, sample);
  return sample;
}

Architecture SearchSpace::sample_impl(Rng& rng) const {
  Architecture architecture = Architecture::zeros(choices_.size());
  for (std::size_t i = 0; i < candidate_counts_.size(); ++i)
    architecture.set(i, rng.below(candidate_counts_[i]));
  return architecture;
}

}  // namespace espalier
