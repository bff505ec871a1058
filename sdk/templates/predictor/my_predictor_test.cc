#include <espalier/contract/predictor.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules for every predictor: it adapts to any space, learns from values of any scale, predicts the same
// again and after its state was loaded, and more.
ESPALIER_PREDICTOR_CONTRACT(my_predictor);

namespace {

TEST(MyPredictorTest, RanksTheBestCellAboveTheWorst) {
  espalier::host::Host host;
  const auto space = host.search_space("nasbench201");
  const auto benchmark = host.benchmark("nasbench201", *space);
  std::vector<espalier::Architecture> known(200);
  std::vector<double> values;
  for (std::size_t i = 0; i < known.size(); ++i) {
    espalier::Rng rng(0, "my_predictor_test", i);
    known[i] = space->sample(rng);
    values.push_back(benchmark->query(known[i]));
  }
  const auto predictor = host.predictor("my_predictor", *space);
  predictor->fit(known, values, 0);
  const auto best = space->parse(
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|");
  const auto worst = space->parse("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|");
  EXPECT_GT(predictor->predict(best).mean, predictor->predict(worst).mean);
}

}  // namespace
