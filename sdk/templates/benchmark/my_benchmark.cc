#include <espalier/plan/layer_graph.h>
#include <espalier/plugin/plugin.h>
#include <espalier/search/benchmark.h>
#include <espalier/space/search_space.h>

#include <cmath>

/// How large the network of an architecture is, in any search space and without training: a baseline that
/// predicts accuracies well (Krishnakumar et al., 2022).
class MyBenchmark final : public espalier::Benchmark {
 public:
  explicit MyBenchmark(const espalier::Config& config)
      : objective_(config.choice("objective", "flops", metrics_impl(),
                                 "the metric whose decimal logarithm a search maximizes")) {}

 protected:
  std::vector<std::string> spaces_impl() const override { return {}; }  // knows every space
  std::vector<std::string> datasets_impl() const override { return {}; }
  std::vector<std::string> metrics_impl() const override { return {"flops", "parameters"}; }
  std::vector<int> epochs_impl(std::string_view, std::string_view) const override { return {}; }
  void adapt_impl(const espalier::SearchSpace&) override {}  // a table would be read here

  double query_impl(const espalier::Architecture& architecture, const espalier::Query& query) const override {
    const espalier::LayerGraph network = espalier::flatten(
        space().instantiate(architecture), space().input_shape(), espalier::Purpose::evaluation);
    const std::string& metric = query.metric.empty() ? objective_ : query.metric;
    return static_cast<double>(metric == "flops" ? network.flops() : network.parameters());
  }

  espalier::Outcome outcome_impl(const espalier::Architecture& architecture) const override {
    return {.value = std::log10(1 + query(architecture)), .seconds = 0.0};
  }

  /// Without training, nothing is known of test images.
  std::optional<double> test_impl(const espalier::Architecture&) const override { return std::nullopt; }

 private:
  std::string objective_;
};

ESPALIER_BENCHMARK(my_benchmark, MyBenchmark, "1.0.0")
