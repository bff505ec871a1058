#include "search/predictor_under_test.h"

namespace espalier::contract {

double additive_value(const Architecture& architecture) {
  double value = 50.0;
  for (std::size_t i = 0; i < architecture.size(); ++i) {
    Rng rng(11, "contract/additive", i * 1000 + architecture[i]);
    value += 4.0 * rng.uniform() - 2.0;
  }
  return value;
}

std::unique_ptr<SearchSpace> make_additive_space() {
  return make_row_space("contract_additive", {5, 5, 5, 5, 5, 5});
}

std::unique_ptr<Predictor> PredictorUnderTest::adapt(std::unique_ptr<Predictor> predictor,
                                                     const SearchSpace& space) {
  predictor->adapt(space);
  return predictor;
}

std::unique_ptr<Predictor> PredictorUnderTest::fit(const SearchSpace& space, std::uint64_t seed) const {
  auto predictor = adapt(space);
  const Labeled known = labels(space, "known");
  predictor->fit(known.architectures, known.values, seed);
  return predictor;
}

Labeled PredictorUnderTest::labels(const SearchSpace& space, const std::string& stream) const {
  Labeled labeled;
  for (std::size_t i = 0; i < how.architectures; ++i) {
    Rng rng(0, "contract/predictor/" + stream, i);
    labeled.architectures.push_back(space.sample(rng));
    labeled.values.push_back(additive_value(labeled.architectures.back()));
  }
  return labeled;
}

std::vector<std::unique_ptr<SearchSpace>> PredictorUnderTest::spaces() const {
  std::vector<std::unique_ptr<SearchSpace>> spaces;
  for (auto& space : make_small_spaces()) spaces.push_back(std::move(space));
  for (const Companion& space : how.spaces) spaces.push_back(make_space(*plugin, space));
  return spaces;
}

std::vector<double> predictions(const Predictor& predictor, const std::vector<Architecture>& architectures,
                                bool backwards) {
  std::vector<double> all(2 * architectures.size());
  for (std::size_t i = 0; i < architectures.size(); ++i) {
    const std::size_t at = backwards ? architectures.size() - 1 - i : i;
    const Prediction prediction = predictor.predict(architectures[at]);
    all[2 * at] = prediction.mean;
    all[2 * at + 1] = prediction.deviation;
  }
  return all;
}

}  // namespace espalier::contract
