#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "data_file.h"
#include "espalier/data/data_path.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/space/search_space.h"
#include "other_networks.h"
#include "table.h"
#include "tasks.h"

using namespace espalier;

/// TransNAS-Bench-101 (Duan et al., 2021): validation metrics of seven tasks, for the cells of the micro
/// space and the networks of the macro space.
class TransNAS101Benchmark final : public Benchmark, public ReadsFiles, public HasRemarks {
 public:
  explicit TransNAS101Benchmark(const Config& config)
      : task_(index_of(config.choice("task", "class_object", task_names(),
                                     "the task whose metric a search optimizes unless it says otherwise"))),
        file_(config.path("file",
                          "the path of the table; empty: the one of the search space that comes with "
                          "Espalier")),
        verify_(config.boolean("verify", true, "refuse a table that differs from the published one")) {}

  /// Before adapt(), when the space is not known, both tables.
  std::vector<std::filesystem::path> files() const override {
    if (!file_.empty()) return {file_};
    if (published_ != nullptr) return {find_data(published_->file)};
    return {find_data(kMicro.file), find_data(kMacro.file)};
  }

  std::vector<std::string> remarks() const override {
    const Task& task = tasks()[task_];
    std::vector<std::string> all;
    if (task.classes == 0) {
      all.push_back(
          fmt::format("The figures of {} are of networks that end in {}; those of this search space end in a "
                      "classifier of one image and cannot be trained for {}.",
                      task.name, task.head, task.name));
    } else {
      all = of_other_networks("transnas101", space(), space().parse(published_->largest),
                              {.images = {3, 256, 256},
                               .classes = task.classes,
                               .default_images = {3, 256, 256},
                               .default_classes = 75,
                               .parameters = published_->parameters,
                               .stem_channels = 32,
                               .features = published_->features});
    }
    all.emplace_back(
        "The table transnas101 has validation figures alone: a search that optimizes one selects by what is "
        "reported, which is then too good an estimate.");
    return all;
  }

 protected:
  std::vector<std::string> spaces_impl() const override { return {kMicro.space, kMacro.space}; }
  std::vector<Metric> metrics_impl() const override {
    std::vector<Metric> metrics;
    std::ranges::transform(tasks(), std::back_inserter(metrics), &Task::metric);
    return metrics;
  }
  std::string objective_impl() const override { return tasks()[task_].metric.name; }
  std::string report_metric_impl() const override { return objective_impl(); }
  std::optional<double> best_impl(std::string_view metric) const override {
    const auto task = std::ranges::find(tasks(), metric, [](const Task& each) { return each.metric.name; });
    if (task == tasks().end()) return std::nullopt;
    const std::vector<double>& values = values_[static_cast<std::size_t>(task - tasks().begin())];
    return task->metric.direction == Direction::minimize ? std::ranges::min(values)
                                                         : std::ranges::max(values);
  }

  void adapt_impl(const SearchSpace& space) override {
    published_ = &published(space);
    const std::filesystem::path file = data_file(file_, published_->file);
    const Table table = Table::by_architecture(file, verify_ ? published_->crc : 0, space);
    for (const Task& task : tasks()) values_.push_back(table.column(task.name));
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    return values_[lookup.metric][space().index_of(architecture)];
  }

 private:
  /// A space of the publication.
  struct Published {
    const char* space;
    const char* file;
    std::uint32_t crc;  ///< CRC-32 of the text of the table
    // The network of most parameters, with the 75 classes of class_object.
    const char* largest;
    std::int64_t parameters;
    std::int64_t features;
  };

  static constexpr Published kMicro = {.space = "transnas101_micro",
                                       .file = "transnas101_micro.csv.gz",
                                       .crc = 0xf9ca208d,
                                       .largest = "64-41414-3_33_333",
                                       .parameters = 41'450'091,
                                       .features = 512};
  static constexpr Published kMacro = {.space = "transnas101_macro",
                                       .file = "transnas101_macro.csv.gz",
                                       .crc = 0x6e595c90,
                                       .largest = "64-422333-basic",
                                       .parameters = 40'190'315,
                                       .features = 512};

  static const Published& published(const SearchSpace& space) {
    return space.name() == kMicro.space ? kMicro : kMacro;
  }

  static std::size_t index_of(const std::string& task) {
    return static_cast<std::size_t>(std::ranges::find(tasks(), task, &Task::name) - tasks().begin());
  }

  std::size_t task_;
  std::filesystem::path file_;
  bool verify_;
  const Published* published_ = nullptr;
  std::vector<std::vector<double>> values_;  ///< by task, and by the architecture's index in its space
};

ESPALIER_BENCHMARK(transnas101, TransNAS101Benchmark, "1.0.0")
