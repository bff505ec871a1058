#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "accuracy_model.h"
#include "data_file.h"
#include "encoding.h"
#include "espalier/config/config.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/random/random.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/space/search_space.h"
#include "neural_surrogate.h"
#include "other_networks.h"

using namespace espalier;
using nasbench301::AccuracyModel;
using nasbench301::GaussianProcess;
using nasbench301::NeuralSurrogate;
using nasbench301::OfficialSurrogate;
using nasbench301::SurrogateTarget;

/// NAS-Bench-301 (Siems et al., 2020) on CIFAR-10: what surrogates expect of the cells of the DARTS space.
///
/// One model gives the accuracy after the whole training. Another one knows learning curves: after fewer
/// epochs, the accuracy is the first one's plus what the second one says is yet to come.
class NASBench301Benchmark final : public Benchmark, public ReadsFiles, public HasRemarks {
 public:
  explicit NASBench301Benchmark(const Config& config)
      : noise_(config.boolean("noise", false,
                              "add to each validation accuracy a normal number of the surrogate's deviation, "
                              "always the same for the same architecture")),
        noise_seed_(config.integer<std::uint64_t>("noise_seed", 0, "the seed of the noise", at_least(0))),
        accuracy_folder_(config.path("accuracy_model",
                                     "the path of a converted official surrogate of the validation accuracy, "
                                     "such as xgb_v0.9; empty: the one that comes with Espalier")),
        runtime_folder_(
            config.path("runtime_model",
                        "the path of a converted official surrogate of the training time, such as "
                        "lgb_runtime_v0.9; empty: the neural surrogate")),
        features_file_(config.path("features_file",
                                   "the path of the features of the Gaussian process; empty: those that come "
                                   "with Espalier")),
        labels_file_(config.path("labels_file",
                                 "the path of the labels of the Gaussian process; empty: those that come "
                                 "with Espalier")),
        network_file_(config.path("network_file",
                                  "the path of the neural surrogate of learning curves; empty: the one that "
                                  "comes with Espalier")),
        verify_(config.boolean("verify", true, "refuse files that differ from the published ones")) {}

  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> all{network()};
    const auto add = [&](const std::vector<std::filesystem::path>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    add(accuracy_folder_.empty()
            ? std::vector{features(), labels()}
            : nasbench301::surrogate_files(accuracy_folder_, SurrogateTarget::validation_accuracy));
    if (!runtime_folder_.empty())
      add(nasbench301::surrogate_files(runtime_folder_, SurrogateTarget::train_seconds));
    return all;
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> all;
    if (const auto* process = std::get_if<GaussianProcess>(&*accuracy_)) {
      all.push_back(fmt::format(
          "The benchmark nasbench301 is a surrogate of a surrogate: its validation accuracies are "
          "fitted to {} answers of the official XGBoost surrogate, from which they differ by {:.2f} "
          "points (root mean square), and by more for cells unlike those.",
          process->labels(), process->error()));
    }
    if (noise_)
      all.emplace_back(
          "The validation accuracies of nasbench301 have noise: true, a random number added to each, so the "
          "best "
          "that a search saw is too good an estimate.");
    all.emplace_back(
        "The benchmark nasbench301 knows no test accuracy: of what a search found, nothing is known but the "
        "validation accuracy that the search saw.");
    for (std::string& remark : of_other_networks("nasbench301", space(), largest(), kNetworks))
      all.push_back(std::move(remark));
    return all;
  }

 protected:
  std::vector<std::string> spaces_impl() const override { return {"darts"}; }
  std::vector<std::string> datasets_impl() const override { return {"cifar10"}; }
  std::vector<Metric> metrics_impl() const override {
    return {{.name = "validation_accuracy",
             .unit = "%",
             .help = "accuracy on validation images that the surrogates expect"},
            {.name = "train_seconds",
             .unit = "s",
             .direction = Direction::minimize,
             .help = "how long the training takes on the authors' hardware, as a surrogate expects"},
            {.name = "accuracy_deviation",
             .unit = "points",
             .direction = Direction::minimize,
             .help = "standard deviation of the surrogate's error in the validation accuracy"}};
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view /*dataset*/) const override {
    if (metric == "accuracy_deviation") return {};
    std::vector<int> all(NeuralSurrogate::kEpochs);
    std::iota(all.begin(), all.end(), 1);
    return all;
  }

  void adapt_impl(const SearchSpace& space) override {
    nasbench301::check_space(space);
    if (accuracy_folder_.empty())
      accuracy_ = GaussianProcess::read(features(), labels(), verify_);
    else
      accuracy_ = OfficialSurrogate(accuracy_folder_, SurrogateTarget::validation_accuracy);
    if (!runtime_folder_.empty()) runtime_.emplace(runtime_folder_, SurrogateTarget::train_seconds);
    curves_ = NeuralSurrogate::read(network(), verify_);
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    double value = 0.0;
    values_impl(architecture, {&lookup, 1}, {&value, 1});
    return value;
  }

  void values_impl(const Architecture& architecture, std::span<const Lookup> lookups,
                   std::span<double> values) const override {
    const Genotype genotype = nasbench301::genotype_of(architecture);
    // A search asks for two figures of one epoch.
    std::optional<NeuralSurrogate::Figures> known;
    int known_epochs = 0;
    const auto after = [&](int epochs) {
      if (!known || known_epochs != epochs) known = curves_.after(epochs, genotype);
      known_epochs = epochs;
      return *known;
    };
    for (std::size_t i = 0; i < lookups.size(); ++i) {
      const int epochs = lookups[i].epoch.value_or(NeuralSurrogate::kEpochs);
      switch (lookups[i].metric) {
        case kAccuracy:
          values[i] = full_accuracy(architecture, genotype);
          if (epochs < NeuralSurrogate::kEpochs)
            values[i] += after(epochs).validation_accuracy -
                         curves_.after(NeuralSurrogate::kEpochs, genotype).validation_accuracy;
          values[i] = std::clamp(values[i], 0.0, 100.0);
          break;
        case kSeconds:
          // The official surrogate knows the whole training, all epochs of which take as long.
          values[i] = runtime_ ? runtime_->mean(genotype) * epochs / NeuralSurrogate::kEpochs
                               : after(epochs).train_seconds;
          break;
        default:
          values[i] = nasbench301::deviation(*accuracy_, genotype);
      }
    }
  }

 private:
  // Indices of metrics_impl().
  static constexpr std::size_t kAccuracy = 0;
  static constexpr std::size_t kSeconds = 1;

  /// Those that the authors trained: 8 cells, 32 channels.
  static constexpr TableNetworks kNetworks = {.images = {3, 32, 32},
                                              .classes = 10,
                                              .default_images = {3, 32, 32},
                                              .default_classes = 10,
                                              .parameters = 1'684'714,
                                              .stem_channels = 96,
                                              .features = 512};

  std::filesystem::path features() const { return data_file(features_file_, "nasbench301_features.csv.gz"); }
  std::filesystem::path labels() const { return data_file(labels_file_, "nasbench301_labels.csv.gz"); }
  std::filesystem::path network() const { return data_file(network_file_, "nasbench301_network.gz"); }

  /// sep_conv_5x5 on the two inputs of each cell.
  static Architecture largest() {
    constexpr std::size_t kSepConv5 = 5;
    Architecture found = Architecture::zeros(nasbench301::kCells * nasbench301::kEdges);
    for (std::size_t cell = 0; cell < nasbench301::kCells; ++cell)
      for (std::size_t node = 0; node < nasbench301::kNodes; ++node)
        for (const std::size_t input : {0, 1})
          found.set(cell * nasbench301::kEdges + nasbench301::edge_number(node, input), kSepConv5);
    return found;
  }

  double full_accuracy(const Architecture& architecture, const Genotype& genotype) const {
    const double mean = nasbench301::mean(*accuracy_, genotype);
    if (!noise_) return mean;
    static constexpr RngStream kNoise("nasbench301 noise");
    return mean + nasbench301::deviation(*accuracy_, genotype) *
                      Rng(noise_seed_, kNoise, architecture.hash()).normal();
  }

  bool noise_;
  std::uint64_t noise_seed_;
  std::filesystem::path accuracy_folder_;
  std::filesystem::path runtime_folder_;
  std::filesystem::path features_file_;
  std::filesystem::path labels_file_;
  std::filesystem::path network_file_;
  bool verify_;
  std::optional<AccuracyModel> accuracy_;
  std::optional<OfficialSurrogate> runtime_;
  NeuralSurrogate curves_;
};

ESPALIER_BENCHMARK(nasbench301, NASBench301Benchmark, "1.0.0")
