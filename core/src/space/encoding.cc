#include "espalier/space/search_space.h"

// Architectures as vectors of features, for predictors.
namespace espalier {

std::vector<int> SearchSpace::categorical_encoding(const Architecture& architecture) const {
  check(architecture);
  std::vector<int> encoding(architecture.choices().begin(), architecture.choices().end());
  for (std::size_t i = 0; i < encoding.size(); ++i)
    if (!is_active(i, architecture)) encoding[i] = -1;
  return encoding;
}

std::vector<float> SearchSpace::one_hot_encoding(const Architecture& architecture) const {
  check(architecture);
  std::vector<float> encoding;
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const std::size_t begin = encoding.size();
    encoding.resize(begin + choices_[i].candidates.size(), 0.0F);
    if (is_active(i, architecture)) encoding[begin + architecture[i]] = 1.0F;
  }
  return encoding;
}

}  // namespace espalier
