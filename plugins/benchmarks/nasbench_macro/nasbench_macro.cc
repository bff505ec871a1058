#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "data_file.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/space/search_space.h"
#include "other_networks.h"
#include "table.h"

using namespace espalier;

/// NAS-Bench-Macro (Su et al., 2021): test accuracies of all networks on CIFAR-10, each the mean over three
/// trainings. The authors measured no validation accuracies.
class NASBenchMacroBenchmark final : public Benchmark, public ReadsFiles, public HasRemarks {
 public:
  explicit NASBenchMacroBenchmark(const Config& config)
      : file_(config.path("file", "the path of the table; empty: the table that comes with Espalier")),
        verify_(config.boolean("verify", true, "refuse a table that differs from the published one")) {}

  std::vector<std::filesystem::path> files() const override { return {table()}; }

  std::vector<std::string> remarks() const override {
    const std::vector<double>& parameters = values_[kParameters];
    const auto largest = std::ranges::max_element(parameters);
    std::vector<std::string> all = of_other_networks(
        "nasbench_macro", space(), space().at(static_cast<std::uint64_t>(largest - parameters.begin())),
        {.images = {3, 32, 32},
         .classes = 10,
         .default_images = {3, 32, 32},
         .default_classes = 10,
         .parameters = static_cast<std::int64_t>(*largest),
         .stem_channels = 32,
         .features = 1280});
    all.emplace_back(
        "The table nasbench_macro has test accuracies alone: a search that optimizes them selects by what is "
        "reported, which is then too good an estimate.");
    return all;
  }

 protected:
  std::vector<std::string> spaces_impl() const override { return {"nasbench_macro"}; }
  std::vector<std::string> datasets_impl() const override { return {"cifar10"}; }
  std::vector<Metric> metrics_impl() const override {
    const auto count = [](const char* name, const char* help) {
      return Metric{.name = name, .unit = "count", .direction = Direction::minimize, .help = help};
    };
    return {{.name = "test_accuracy",
             .unit = "%",
             .help = "accuracy on test images, mean over the three published trainings"},
            count("parameters", "learnable values of the network"),
            count("multiply_adds", "multiply-adds of the network for one image, without biases")};
  }
  std::optional<double> best_impl(std::string_view metric) const override {
    if (metric != "test_accuracy") return std::nullopt;
    return std::ranges::max(values_[kAccuracy]);
  }

  void adapt_impl(const SearchSpace& space) override {
    // CRC-32 of the text of the published table.
    constexpr std::uint32_t kCrc = 0xe4070628;
    const Table read = Table::by_architecture(table(), verify_ ? kCrc : 0, space);
    values_ = {mean({read.column("test_1"), read.column("test_2"), read.column("test_3")}),
               read.column("parameters"), read.column("multiply_adds")};
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    return values_[lookup.metric][space().index_of(architecture)];
  }

 private:
  // Indices of metrics_impl().
  static constexpr std::size_t kAccuracy = 0;
  static constexpr std::size_t kParameters = 1;
  static constexpr std::size_t kMetrics = 3;
  static constexpr std::size_t kTrainings = 3;

  std::filesystem::path table() const { return data_file(file_, "nasbench_macro.csv.gz"); }

  static std::vector<double> mean(const std::array<std::vector<double>, kTrainings>& trainings) {
    std::vector<double> means(trainings.front().size());
    for (std::size_t i = 0; i < means.size(); ++i)
      means[i] = (trainings[0][i] + trainings[1][i] + trainings[2][i]) / double{kTrainings};
    return means;
  }

  std::filesystem::path file_;
  bool verify_;
  std::array<std::vector<double>, kMetrics> values_;  ///< by the architecture's index in its space
};

ESPALIER_BENCHMARK(nasbench_macro, NASBenchMacroBenchmark, "1.0.0")
