#include <algorithm>
#include <mutex>
#include <optional>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/benchmark.h"
#include "espalier/space/search_space.h"
#include "table.h"

using namespace espalier;

namespace {

/// CRC-32 of the published tables' text.
constexpr std::uint32_t kAccuracyCrc = 0x40f846b8;
constexpr std::uint32_t kHardwareCrc = 0x2cc32735;

constexpr int kEpochs = 200;
constexpr int kShortEpochs = 12;

const std::vector<std::string> kDatasets = {"cifar10", "cifar100", "imagenet16_120"};
const std::vector<std::string> kHardware = {
    "edgegpu_latency", "edgegpu_energy",  "raspi4_latency", "edgetpu_latency",
    "pixel3_latency",  "eyeriss_latency", "eyeriss_energy", "eyeriss_arithmetic_intensity",
    "fpga_latency",    "fpga_energy"};

bool is_hardware(std::string_view metric) {
  return std::find(kHardware.begin(), kHardware.end(), metric) != kHardware.end();
}

/// "cifar10_test_12": the table's name for a figure.
std::string column_name(const std::string& dataset, const std::string& figure, int epoch) {
  const std::string prefix = dataset == "imagenet16_120" ? "imagenet16" : dataset;
  return prefix + "_" + figure + (epoch == kShortEpochs ? "_12" : "");
}

}  // namespace

/// NAS-Bench-201 (Dong & Yang, 2020) with the hardware figures of HW-NAS-Bench (Li et al., 2021), as their
/// tables give them: means over the published training runs.
class NASBench201Benchmark final : public Benchmark {
 public:
  explicit NASBench201Benchmark(const Config& config)
      : dataset_(config.choice("dataset", "cifar10", kDatasets,
                               "the dataset that the architectures were trained on")),
        epoch_(config.choice("epochs", "200", {"12", "200"},
                             "how many epochs the architectures were trained for; the two are separate "
                             "schedules") == "12"
                   ? kShortEpochs
                   : kEpochs),
        file_(config.string("file", "", "the path of the table; empty: the table that comes with Espalier")),
        hardware_file_(config.string("hardware_file", "",
                                     "the path of the hardware table; empty: the table that comes with "
                                     "Espalier")),
        verify_(config.boolean("verify", true, "refuse tables that differ from the published ones")) {}

 protected:
  std::vector<std::string> spaces_impl() const override { return {"nasbench201"}; }
  std::vector<std::string> datasets_impl() const override { return kDatasets; }
  std::vector<std::string> metrics_impl() const override {
    std::vector<std::string> names = {"validation_accuracy", "test_accuracy", "train_seconds", "parameters"};
    names.insert(names.end(), kHardware.begin(), kHardware.end());
    return names;
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view /*dataset*/) const override {
    if (metric == "parameters" || is_hardware(metric)) return {};
    return {kShortEpochs, kEpochs};
  }
  std::optional<double> best_test_impl() const override {
    return *std::max_element(test_->begin(), test_->end());
  }

  void adapt_impl(const SearchSpace& space) override {
    table_ = Table::by_architecture(file_.empty() ? find_data("nasbench201.csv.gz") : file_,
                                    verify_ ? kAccuracyCrc : 0, space);
    validation_ = &table_.column(column_name(dataset_, "valid", epoch_));
    test_ = &table_.column(column_name(dataset_, "test", epoch_));
    seconds_ = &table_.column(column_name(dataset_, "train_seconds", kEpochs));
  }

  Outcome outcome_impl(const Architecture& architecture) const override {
    const std::uint64_t index = space().index_of(architecture);
    return {.value = (*validation_)[index], .seconds = (*seconds_)[index] * epoch_ / kEpochs};
  }
  std::optional<double> test_impl(const Architecture& architecture) const override {
    return (*test_)[space().index_of(architecture)];
  }

  double query_impl(const Architecture& architecture, const Query& query) const override {
    const std::string metric = query.metric.empty() ? "validation_accuracy" : query.metric;
    const std::string dataset = query.dataset.empty() ? dataset_ : query.dataset;
    const int epoch = query.epoch.value_or(epoch_);
    const std::uint64_t index = space().index_of(architecture);
    if (is_hardware(metric)) return hardware(metric, dataset, architecture);
    if (metric == "parameters") return table_.column("params_m")[index];
    if (metric == "train_seconds") {
      return table_.column(column_name(dataset, "train_seconds", kEpochs))[index] * epoch / kEpochs;
    }
    return table_.column(column_name(dataset, metric == "test_accuracy" ? "test" : "valid", epoch))[index];
  }

 private:
  double hardware(const std::string& metric, const std::string& dataset,
                  const Architecture& architecture) const {
    if (dataset != "cifar10") {
      throw UsageError({.what = metric + " is not known on " + dataset, .expected = "cifar10"});
    }
    const std::lock_guard lock(hardware_mutex_);
    if (!hardware_) {
      hardware_ =
          Table::by_row(hardware_file_.empty() ? find_data("nasbench201_hardware.csv.gz") : hardware_file_,
                        verify_ ? kHardwareCrc : 0, table_.rows());
    }
    const double value = hardware_->column(metric)[space().index_of(architecture)];
    if (value >= 0.0) return value;
    throw Error({.what = metric + " is not known: the device does not support this architecture",
                 .where = space().to_string(architecture)});
  }

  std::string dataset_;
  int epoch_;
  std::filesystem::path file_;
  std::filesystem::path hardware_file_;
  bool verify_;
  Table table_;
  const std::vector<double>* validation_ = nullptr;
  const std::vector<double>* test_ = nullptr;
  const std::vector<double>* seconds_ = nullptr;
  mutable std::mutex hardware_mutex_;
  mutable std::optional<Table> hardware_;
};

ESPALIER_BENCHMARK(nasbench201, NASBench201Benchmark, "1.0.0")
