#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "espalier/host/host.h"

/// Predictors of NAS-Bench-201's validation accuracies.
namespace espalier::testing {

class PredictorTest : public ::testing::Test {
 protected:
  PredictorTest()
      : space_(host_.search_space("nasbench201")), table_(host_.benchmark("nasbench201", *space_)) {}

  std::unique_ptr<Predictor> make(const std::string& name, const std::string& options = "") {
    return host_.predictor(name, *space_, options);
  }

  /// -ln of the validation error: accuracies themselves have outliers at 10 %, and the differences between
  /// good cells are small.
  double value_of(const Architecture& architecture) const {
    return -std::log(100.0 - table_->query(architecture, {.metric = "validation_accuracy"}));
  }
  std::vector<Architecture> sampled(const char* stream, std::uint64_t seed, std::uint64_t count) const {
    std::vector<Architecture> cells;
    for (std::uint64_t i = 0; i < count; ++i) {
      Rng rng(seed, stream, i);
      cells.push_back(space_->sample(rng));
    }
    return cells;
  }
  std::vector<double> values_of(const std::vector<Architecture>& cells) const {
    std::vector<double> values;
    for (const Architecture& cell : cells) values.push_back(value_of(cell));
    return values;
  }

  /// Kendall's tau between predictions and values of 200 cells, after a fit to `labels` others.
  double tau(Predictor& predictor, std::uint64_t labels, std::uint64_t seed) const {
    const std::vector<Architecture> known = sampled("known", seed, labels);
    predictor.fit(known, values_of(known), seed);
    const std::vector<Architecture> asked = sampled("asked", seed, 200);
    const std::vector<double> values = values_of(asked);
    std::vector<double> means;
    for (const Architecture& cell : asked) means.push_back(predictor.predict(cell).mean);
    double sum = 0.0;
    double pairs = 0.0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double product = (values[i] - values[j]) * (means[i] - means[j]);
        sum += product > 0 ? 1.0 : product < 0 ? -1.0 : 0.0;
        pairs += values[i] != values[j] ? 1.0 : 0.0;
      }
    }
    return sum / pairs;
  }
  double mean_tau(const std::string& name, std::uint64_t labels, std::uint64_t seeds,
                  const std::string& options = "") {
    double sum = 0.0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) sum += tau(*make(name, options), labels, seed);
    return sum / static_cast<double>(seeds);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Benchmark> table_;
};

}  // namespace espalier::testing
