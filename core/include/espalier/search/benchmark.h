#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/search/outcome.h"
#include "espalier/space/architecture.h"

namespace espalier {

class Dataset;
class SearchSpace;

/// What to look up. Empty and unset parts mean the benchmark's defaults, which are its options.
struct Query {
  std::string metric = {};                  ///< "validation_accuracy", "test_accuracy", "train_seconds", …
  std::string dataset = {};                 ///< "cifar10", …
  std::optional<int> epoch = std::nullopt;  ///< the result after so many epochs
};

/// Knows how good architectures are: from a table, a surrogate, or by training them.
///
/// outcome() and test() serve a search: the benchmark's options fix what they look up. query() is for
/// everything else that the benchmark knows.
class ESPALIER_EXPORT Benchmark : public Plugin {
 public:
  ~Benchmark() override;

  /// [one-thread] Prepares the benchmark for `space`, which outlives it. Call it once, before any query.
  /// Throws UsageError when it does not know the space or lacks a dataset that it needs, and Error when its
  /// data is missing or damaged.
  void adapt(const SearchSpace& space, const Dataset* dataset = nullptr);
  /// [any-thread] Call it only after adapt().
  const SearchSpace& space() const { return *space_; }

  /// [any-thread] Names of the search spaces that it knows; empty when it knows any.
  std::vector<std::string> spaces() const;
  /// [any-thread] Names that a Query takes.
  std::vector<std::string> datasets() const;
  /// [any-thread] Names that a Query takes.
  std::vector<std::string> metrics() const;
  /// [any-thread] The epochs at which `metric` is known on `dataset`, ascending; empty when it depends on
  /// none. An empty name means the default, as in a Query.
  std::vector<int> epochs(std::string_view metric, std::string_view dataset) const;

  /// [any-thread] One value. Throws UsageError for an unknown dataset, metric or epoch, naming the nearest,
  /// and Error where the benchmark has no value for this architecture.
  double query(const Architecture& architecture, const Query& query = {}) const;
  /// [any-thread] One value for each architecture.
  std::vector<double> query(std::span<const Architecture> architectures, const Query& query = {}) const;

  /// [any-thread] What an optimizer is told of a trial: the objective (validation accuracy) and its cost,
  /// under the benchmark's options.
  Outcome outcome(const Architecture& architecture) const;
  /// [any-thread] The test accuracy under the benchmark's options: for reports, never for an optimizer.
  std::optional<double> test(const Architecture& architecture) const;
  /// [any-thread] The best test accuracy of the whole space, where it is known.
  std::optional<double> best_test() const;

 protected:
  Benchmark() = default;

  /// What adapt() was given; null where a config names none.
  const Dataset* dataset() const { return dataset_; }

  /// Loads data; runs once, from adapt().
  virtual void adapt_impl(const SearchSpace& space) = 0;
  virtual std::vector<std::string> spaces_impl() const = 0;
  virtual std::vector<std::string> datasets_impl() const = 0;
  virtual std::vector<std::string> metrics_impl() const = 0;
  virtual std::vector<int> epochs_impl(std::string_view metric, std::string_view dataset) const = 0;
  virtual double query_impl(const Architecture& architecture, const Query& query) const = 0;
  virtual Outcome outcome_impl(const Architecture& architecture) const = 0;
  virtual std::optional<double> test_impl(const Architecture& architecture) const = 0;
  virtual std::optional<double> best_test_impl() const { return std::nullopt; }

 private:
  void check_adapted() const;
  void check(const Query& query) const;

  const SearchSpace* space_ = nullptr;
  const Dataset* dataset_ = nullptr;
};

}  // namespace espalier
