#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "data_file.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/space/search_space.h"
#include "figures.h"
#include "tables.h"

using namespace espalier;
using nasbench101::AllCells;
using nasbench101::Figure;
using nasbench101::kEpochs;
using nasbench101::kFullEpochs;
using nasbench101::ValidatedCells;

/// NAS-Bench-101 (Ying et al., 2019) on CIFAR-10: the test accuracy of every cell, and the validation
/// accuracy of some.
///
/// Which cells have one is the table's matter and not the space's. So the option `subset` belongs to the
/// benchmark: its metrics are partial, and a search passes over cells without them.
class NASBench101Benchmark final : public Benchmark, public ReadsFiles, public HasRemarks {
 public:
  explicit NASBench101Benchmark(const Config& config)
      : validated_only_(config.choice("subset", "all", {"all", "validated"},
                                      "which cells are known; all: 423,624 cells, by test accuracy alone; "
                                      "validated: the 30,001 whose validation accuracy is known, too, which "
                                      "is then what a search sees") == "validated"),
        file_(config.path("file", "the path of the table; empty: the table that comes with Espalier")),
        validated_file_(config.path("validated_file",
                                    "the path of the table of validation accuracies; empty: the table that "
                                    "comes with Espalier")),
        verify_(config.boolean("verify", true, "refuse tables that differ from the published ones")) {
    if (validated_only_)
      figures_ = {Figure::validation_accuracy, Figure::test_accuracy, Figure::train_seconds,
                  Figure::parameters};
    else
      figures_ = {Figure::test_accuracy, Figure::parameters};
  }

  std::vector<std::filesystem::path> files() const override {
    if (!validated_only_) return {table()};
    return {table(), validated_table()};
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> found;
    if (!validated_only_)
      found.emplace_back(
          "The table nasbench101 has no validation accuracy of most cells, so that a search sees the test "
          "accuracy that is reported; with subset: validated it sees validation accuracies, of 30,001 "
          "cells.");
    const auto largest =
        static_cast<std::size_t>(std::ranges::max_element(all_.parameters) - all_.parameters.begin());
    const std::int64_t count = space().parameters(space().at(largest));
    if (const auto published = static_cast<std::int64_t>(all_.parameters[largest]); count != published)
      found.push_back(fmt::format(
          "The figures of the benchmark nasbench101 are of other networks than those of this search "
          "space, whose largest cell has {} instead of {} parameters.",
          count, published));
    return found;
  }

 protected:
  std::vector<std::string> spaces_impl() const override { return {"nasbench101"}; }
  std::vector<std::string> datasets_impl() const override { return {"cifar10"}; }
  std::vector<Metric> metrics_impl() const override {
    std::vector<Metric> all;
    for (const Figure figure : figures_) all.push_back(nasbench101::metric_of(figure, validated_only_));
    return all;
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view /*dataset*/) const override {
    if (metric == "parameters") return {};
    if (metric == "test_accuracy" || !validated_only_) return {kFullEpochs};
    return {kEpochs.begin(), kEpochs.end()};
  }
  std::optional<double> best_impl(std::string_view metric) const override {
    if (metric != "test_accuracy") return std::nullopt;
    if (!validated_only_) return std::ranges::max(all_.test_accuracy);
    double best = 0.0;
    for (const std::size_t cell : validated_.cells) best = std::max(best, all_.test_accuracy[cell]);
    return best;
  }

  void adapt_impl(const SearchSpace& space) override {
    const auto cells = static_cast<std::size_t>(space.size());
    all_ = AllCells::read(table(), verify_, cells);
    if (validated_only_) validated_ = ValidatedCells::read(validated_table(), verify_, cells);
  }

  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    double value = 0.0;
    values_impl(architecture, {&lookup, 1}, {&value, 1});
    return value;
  }
  void values_impl(const Architecture& architecture, std::span<const Lookup> lookups,
                   std::span<double> values) const override {
    const std::uint64_t cell = space().index_of(architecture);
    std::ranges::transform(lookups, values.begin(),
                           [&](const Lookup& lookup) { return figure(cell, lookup); });
  }

 private:
  std::filesystem::path table() const { return data_file(file_, "nasbench101.csv.gz"); }
  std::filesystem::path validated_table() const {
    return data_file(validated_file_, "nasbench101_validated.csv.gz");
  }

  double figure(std::uint64_t cell, const Lookup& lookup) const {
    const Figure figure = figures_[lookup.metric];
    if (figure == Figure::parameters) return all_.parameters[cell];
    if (!validated_only_) return all_.test_accuracy[cell];
    const std::optional<std::size_t> row = validated_.row_of(cell);
    if (!row)
      throw Error({.what = nasbench101::metric_of(figure, true).name +
                           " is not known: the cell is not one of those that "
                           "have a validation accuracy",
                   .where = space().to_string(space().at(cell)),
                   .remedy = "leave subset out: the benchmark then knows the test accuracy of every cell"});
    if (figure == Figure::test_accuracy) return all_.test_accuracy[cell];
    const int epochs = lookup.epoch.value_or(kFullEpochs);
    if (figure == Figure::train_seconds) return validated_.train_seconds[*row] * epochs / kFullEpochs;
    const auto of = static_cast<std::size_t>(std::ranges::find(kEpochs, epochs) - kEpochs.begin());
    return validated_.validation_accuracy[of][*row];
  }

  bool validated_only_;
  std::vector<Figure> figures_;
  std::filesystem::path file_;
  std::filesystem::path validated_file_;
  bool verify_;
  AllCells all_;
  ValidatedCells validated_;
};

ESPALIER_BENCHMARK(nasbench101, NASBench101Benchmark, "1.0.0")
