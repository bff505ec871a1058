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
      : in_flops_(config.boolean("flops", true, "count operations; otherwise learnable values")) {}

 protected:
  /// The first is what a search optimizes. A benchmark that knows accuracies calls them
  /// "validation_accuracy" and "test_accuracy", in percent; reports show the latter.
  std::vector<espalier::Metric> metrics_impl() const override {
    return {{.name = "size", .help = "the decimal logarithm of the count; larger networks are often better"},
            {.name = "count",
             .direction = espalier::Direction::minimize,
             .help = "the operations or learnable values of the network, for one image"}};
  }

  void adapt_impl(const espalier::SearchSpace&) override {}  // a table would be read here

  double value_impl(const espalier::Architecture& architecture,
                    const espalier::Lookup& lookup) const override {
    const espalier::LayerGraph network = espalier::flatten(
        space().instantiate(architecture), space().input_shape(), espalier::Purpose::evaluation);
    const auto count = static_cast<double>(in_flops_ ? network.flops() : network.parameters());
    return lookup.metric == 0 ? std::log10(1 + count) : count;  // the index in metrics_impl()
  }

 private:
  bool in_flops_;
};

ESPALIER_BENCHMARK(my_benchmark, MyBenchmark, "1.0.0")
