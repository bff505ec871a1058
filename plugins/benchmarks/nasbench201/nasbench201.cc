#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "data_file.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/random/random.h"
#include "espalier/search/answers_trials.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/numbers_architectures.h"
#include "espalier/space/search_space.h"
#include "figures.h"
#include "other_networks.h"
#include "runs.h"
#include "side_table.h"
#include "table.h"

using namespace espalier;

namespace {

/// CRC-32 of the published tables' text.
constexpr std::uint32_t kAccuracyCrc = 0x40f846b8;
constexpr std::uint32_t kHardwareCrc = 0x2cc32735;
constexpr std::uint32_t kLatencyCrc = 0xe875d1d3;
constexpr std::uint32_t kZeroCostCrc = 0x0f1348df;

/// What the published table of proxies has where a proxy is not defined.
constexpr double kUndefined = -1e8;

}  // namespace

/// NAS-Bench-201 (Dong & Yang, 2020) with the hardware figures of HW-NAS-Bench (Li et al., 2021), as their
/// tables give them: accuracies are means over the published training runs, or of one run.
class NASBench201Benchmark final : public Benchmark,
                                   public AnswersTrials,
                                   public ReadsFiles,
                                   public NumbersArchitectures,
                                   public HasRemarks {
 public:
  explicit NASBench201Benchmark(const Config& config)
      : dataset_(index_of(config.choice("dataset", "cifar10", figures::datasets(),
                                        "the dataset that the architectures were trained on"))),
        epochs_(config.choice("epochs", "200", {"12", "200"},
                              "how many epochs the architectures were trained for; the two are separate "
                              "schedules") == "12"
                    ? figures::kShortEpochs
                    : figures::kEpochs),
        protocol_(read_protocol(config, dataset_, epochs_)),
        file_(config.path("file", "the path of the table; empty: the table that comes with Espalier")),
        hardware_file_(config.path("hardware_file", "the path of the hardware table; empty: Espalier's")),
        latency_file_(config.path("latency_file", "the path of the table of latencies; empty: Espalier's")),
        zero_cost_file_(
            config.path("zero_cost_file", "the path of the table of zero-cost proxies; empty: Espalier's")),
        runs_file_(config.path("runs_file", "the path of the table of single trainings; empty: Espalier's")),
        verify_(config.boolean("verify", true, "refuse tables that differ from the published ones")) {}

  bool answers_trials() const override { return protocol_ == Protocol::drawn; }
  void values_of(const Trial& trial, std::span<const Lookup> lookups,
                 std::span<double> values) const override {
    static constexpr RngStream kStream("nasbench201 training");
    const std::uint64_t index = space().index_of(trial.architecture);
    Rng rng(trial.seed, kStream, trial.id);
    const double drawn = runs_.validation(index, rng.below(runs_.number_of_runs(index)));
    std::ranges::transform(lookups, values.begin(), [&](const Lookup& lookup) {
      return lookup.metric == figures::kValidation ? drawn : figure(index, lookup);
    });
  }

  /// The other tables are named where they are there: most searches never read them.
  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> all = {accuracy_table()};
    for (const SideTable* table : {&hardware_, &latency_, &zero_cost_})
      if (const auto path = table->path()) all.push_back(*path);
    if (protocol_ != Protocol::mean) all.push_back(runs_table());
    return all;
  }

  Architecture numbered(std::uint64_t number) const override {
    const std::vector<std::size_t>& rows = table_.rows();
    if (number < rows.size()) return space().at(rows[number]);
    throw UsageError({.what = "NAS-Bench-201 has no cell of the number " + std::to_string(number),
                      .expected = "0 to " + std::to_string(rows.size() - 1)});
  }
  std::uint64_t number_of(const Architecture& architecture) const override {
    const std::vector<std::size_t>& rows = table_.rows();
    const auto row = std::ranges::find(rows, space().index_of(architecture));
    return static_cast<std::uint64_t>(row - rows.begin());
  }

  std::vector<std::string> remarks() const override {
    // The largest cell, of which nothing that a network has can be hidden.
    const Architecture cell = space().at(static_cast<std::uint64_t>(
        std::ranges::max_element(columns_.parameters()) - columns_.parameters().begin()));
    return of_other_networks(
        "nasbench201", space(), cell,
        figures::networks_of(figures::datasets()[dataset_], columns_.parameters()[space().index_of(cell)]));
  }

 protected:
  std::vector<std::string> spaces_impl() const override { return {"nasbench201"}; }
  std::vector<std::string> datasets_impl() const override { return figures::datasets(); }
  std::vector<Metric> metrics_impl() const override {
    std::vector<Metric> all = figures::metrics();
    for (const std::size_t metric : {figures::kValidation, figures::kTest})
      all[metric].partial = is_partial(protocol_, metric, dataset_);
    return all;
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view /*dataset*/) const override {
    const auto trained = std::span(figures::metrics()).first(figures::kTrained);
    const bool depends = metric.empty() || std::ranges::find(trained, metric, &Metric::name) != trained.end();
    if (!depends) return {};
    if (protocol_ != Protocol::mean) return {figures::kEpochs};
    return {figures::kShortEpochs, figures::kEpochs};
  }
  int full_fidelity_impl() const override { return epochs_; }
  std::optional<double> best_impl(std::string_view metric) const override {
    if (metric != "test_accuracy") return std::nullopt;
    return std::ranges::max(is_one_run(protocol_) ? runs_.of(protocol_, figures::kTest, dataset_)
                                                  : columns_.of(figures::kTest, dataset_, epochs_));
  }

  void adapt_impl(const SearchSpace& space) override {
    table_ = Table::by_number(accuracy_table(), verify_ ? kAccuracyCrc : 0, space);
    columns_ = figures::Columns(table_);
    if (protocol_ == Protocol::mean) return;
    constexpr std::uint32_t kRunsCrc = 0x00998222;
    runs_ = Runs(Table::by_row(runs_table(), verify_ ? kRunsCrc : 0, table_.rows()));
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    return figure(space().index_of(architecture), lookup);
  }

  void values_impl(const Architecture& architecture, std::span<const Lookup> lookups,
                   std::span<double> values) const override {
    const std::uint64_t index = space().index_of(architecture);
    std::ranges::transform(lookups, values.begin(),
                           [&](const Lookup& lookup) { return figure(index, lookup); });
  }

 private:
  std::filesystem::path accuracy_table() const { return data_file(file_, "nasbench201.csv.gz"); }
  std::filesystem::path runs_table() const { return data_file(runs_file_, "nasbench201_runs.csv.gz"); }
  [[noreturn]] static void refuse_dataset(const std::string& what, std::size_t dataset) {
    throw UsageError({.what = what + " is not known on " + figures::datasets()[dataset],
                      .where = "benchmark nasbench201",
                      .expected = "cifar10"});
  }
  static std::size_t index_of(const std::string& dataset) {
    const auto& known = figures::datasets();
    return static_cast<std::size_t>(std::ranges::find(known, dataset) - known.begin());
  }

  double figure(std::uint64_t index, const Lookup& lookup) const {
    const std::size_t dataset = lookup.dataset.value_or(dataset_);
    const int epochs = lookup.epoch.value_or(epochs_);
    if (lookup.metric <= figures::kTest && is_one_run(protocol_))
      return of_run(index, lookup.metric, dataset);
    if (lookup.metric < figures::kTrained) return columns_.of(lookup.metric, dataset, epochs)[index];
    if (lookup.metric == figures::kParameters) return columns_.parameters()[index];
    return beside(lookup.metric, dataset, index);
  }

  double of_run(std::uint64_t index, std::size_t metric, std::size_t dataset) const {
    if (!knows_runs(protocol_, dataset)) refuse_dataset("the training of this protocol", dataset);
    const double value = runs_.of(protocol_, metric, dataset)[index];
    if (value >= 0.0) return value;
    throw Error({.what = fmt::format("{} of the training with this seed is not known",
                                     figures::metrics()[metric].name),
                 .where = space().to_string(space().at(index))});
  }

  /// A figure of another table than that of the accuracies.
  double beside(std::size_t metric, std::size_t dataset, std::uint64_t index) const {
    const std::string& name = figures::metrics()[metric].name;
    if (dataset != figures::kCifar10) refuse_dataset(name, dataset);
    const bool proxy = metric >= figures::kZeroCost;
    const SideTable& table = proxy ? zero_cost_ : metric >= figures::kLatency ? latency_ : hardware_;
    const double value =
        table.value(figures::column_of(metric), static_cast<std::size_t>(index), table_.rows());
    if (proxy ? value > kUndefined : value >= 0.0) return value;
    const char* const why = std::isnan(value) ? "the table has no row of this cell"
                            : proxy           ? "it is not defined for this cell"
                                              : "the device does not support this architecture";
    throw Error({.what = fmt::format("{} is not known: {}", name, why),
                 .where = space().to_string(space().at(index))});
  }

  std::size_t dataset_;
  int epochs_;
  Protocol protocol_;
  std::filesystem::path file_;
  std::filesystem::path hardware_file_;
  std::filesystem::path latency_file_;
  std::filesystem::path zero_cost_file_;
  std::filesystem::path runs_file_;
  bool verify_;
  SideTable hardware_{hardware_file_, "nasbench201_hardware.csv.gz", verify_ ? kHardwareCrc : 0};
  SideTable latency_{latency_file_, "nasbench201_latency.csv.gz", verify_ ? kLatencyCrc : 0};
  SideTable zero_cost_{zero_cost_file_, "nasbench201_zero_cost.csv.gz", verify_ ? kZeroCostCrc : 0,
                       TableReader::Missing::allowed};
  Table table_;
  figures::Columns columns_;
  Runs runs_;  ///< read where the protocol is of single runs
};

ESPALIER_BENCHMARK(nasbench201, NASBench201Benchmark, "1.0.0")
