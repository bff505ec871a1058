#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "plugins/predictors/predictor_fixture.h"

namespace espalier::testing {
namespace {

class MlpEnsembleTest : public PredictorTest {};

/// Measured: .58 ± .04 with 100 labels over ten seeds, and .64 with 150, where ridge regression has .52 and
/// .56.
TEST_F(MlpEnsembleTest, RanksTheCellsOfNASBench201BetterThanRidgeRegression) {
  const double tau = mean_tau("mlp_ensemble", 100, 5);
  EXPECT_GT(tau, 0.5);
  EXPECT_GT(tau, mean_tau("ridge", 100, 5));
}

TEST_F(MlpEnsembleTest, IsMoreCertainOfWhatItHasSeen) {
  const auto predictor = make("mlp_ensemble");
  const std::vector<Architecture> known = sampled("known", 0, 60);
  predictor->fit(known, values_of(known), 0);
  const auto mean_deviation = [&](const std::vector<Architecture>& cells) {
    double sum = 0.0;
    for (const Architecture& cell : cells) sum += predictor->predict(cell).deviation;
    return sum / static_cast<double>(cells.size());
  };
  EXPECT_LT(2.0 * mean_deviation(known), mean_deviation(sampled("asked", 0, 60)));
}

TEST_F(MlpEnsembleTest, DrawsFromItsSeed) {
  const std::vector<Architecture> known = sampled("known", 0, 30);
  const auto predicted = [&](std::uint64_t seed) {
    const auto predictor = make("mlp_ensemble", "{members: 2, epochs: 5}");
    predictor->fit(known, values_of(known), seed);
    return predictor->predict(known.front()).mean;
  };
  EXPECT_EQ(predicted(1), predicted(1));
  EXPECT_NE(predicted(1), predicted(2));
}

TEST_F(MlpEnsembleTest, TakesTheShapeOfItsOptions) {
  const std::vector<Architecture> known = sampled("known", 0, 30);
  const auto predictor =
      make("mlp_ensemble", "{members: 3, layers: 2, width: 7, epochs: 2, batch_size: 100}");
  predictor->fit(known, values_of(known), 0);
  const nlohmann::json networks = predictor->save().at("state").at("networks");
  ASSERT_EQ(networks.size(), 3U);
  EXPECT_EQ(networks[0].size(),
            7U * 31 + 7 * 8 + 8);  // 30 inputs, 7 units, 7 units, 1 output; each with a bias
  const auto other = make("mlp_ensemble", "{members: 3, layers: 2, width: 8}");
  EXPECT_THROW(other->load(predictor->save()), Error);
}

}  // namespace
}  // namespace espalier::testing
