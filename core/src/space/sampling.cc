#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"
#include "plugin/plugin_answer.h"
#include "space/distinct.h"

namespace espalier {

Architecture SearchSpace::sample(Rng& rng) const {
  Architecture sample = call_plugin(*this, "sample()", [&] { return sample_impl(rng); });
  check_answer(*this, "sample()", *this, sample);
  return sample;
}

Architecture SearchSpace::sample_impl(Rng& rng) const {
  constexpr int kDraws = 10'000'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    Architecture architecture = Architecture::zeros(choices_.size());
    if (distinct_) {
      architecture = distinct_->draw(rng);
    } else {
      for (std::size_t i = 0; i < candidate_counts_.size(); ++i)
        architecture.set(i, rng.below(candidate_counts_[i]));
    }
    if (accepts(architecture)) return architecture;
  }
  throw Error(
      {.what = fmt::format("none of {} random combinations is an architecture of \"{}\"", kDraws, name()),
       .remedy = "override sample_impl() where so few combinations are architectures"});
}

}  // namespace espalier
