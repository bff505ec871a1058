#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/search/metric.h"
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

/// A Query whose names the benchmark has looked up, so that a search does so once.
struct Lookup {
  std::size_t metric = 0;                             ///< the index in metrics()
  std::optional<std::size_t> dataset = std::nullopt;  ///< the index in datasets(); unset: the default
  std::optional<int> epoch = std::nullopt;            ///< unset: the default
};

/// Knows figures of architectures: from a table, a surrogate, by training them, or by measuring.
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
  /// [any-thread] What it knows; the names are unique.
  std::vector<Metric> metrics() const;
  /// [any-thread] The epochs at which `metric` is known on `dataset`, ascending; empty when it depends on
  /// none. An empty name means the default, as in a Query.
  std::vector<int> epochs(std::string_view metric, std::string_view dataset = {}) const;
  /// [any-thread] The epochs that a query without an epoch means, which are full fidelity in a search; 0 when
  /// the objective depends on none.
  int full_fidelity() const;

  /// [any-thread] The name of the metric that a search optimizes unless its config says otherwise.
  std::string objective() const;
  /// [any-thread] The name of the metric that a report shows of what a search found; empty when it has none.
  std::string report_metric() const;
  /// [any-thread] The name of the metric that says what a trial costs in simulated seconds; empty when trials
  /// cost nothing.
  std::string cost_metric() const;
  /// [any-thread] Whether a trial of an architecture that was tried at a lower fidelity continues from there
  /// and costs the difference. Otherwise it starts anew and costs the whole.
  bool continues_trials() const;
  /// [any-thread] The best value of a metric in the whole space under the benchmark's options, where it is
  /// known.
  std::optional<double> best(std::string_view metric) const;

  /// [any-thread] Looks the names of a query up. Throws UsageError for an unknown dataset, metric or epoch,
  /// naming the nearest.
  Lookup resolve(const Query& query) const;
  /// [any-thread] One value. Throws what resolve() throws, and Error where the benchmark has no value for
  /// this architecture.
  double query(const Architecture& architecture, const Query& query = {}) const;
  /// [any-thread] One value for each architecture.
  std::vector<double> query(std::span<const Architecture> architectures, const Query& query = {}) const;
  /// [any-thread] The same for what resolve() returned. Throws Error where the benchmark has no value.
  double value(const Architecture& architecture, const Lookup& lookup) const;
  /// [any-thread] One value for each lookup; `values` has their size. It serves a search, whose architectures
  /// have been checked, and does not check them again.
  void values(const Architecture& architecture, std::span<const Lookup> lookups,
              std::span<double> values) const;

 protected:
  Benchmark() = default;

  /// What adapt() was given; null where a config names none.
  const Dataset* dataset() const { return dataset_; }

  /// Loads data; runs once, from adapt().
  virtual void adapt_impl(const SearchSpace& space) = 0;
  virtual std::vector<std::string> spaces_impl() const { return {}; }
  virtual std::vector<std::string> datasets_impl() const { return {}; }
  virtual std::vector<Metric> metrics_impl() const = 0;
  virtual std::vector<int> epochs_impl(std::string_view /*metric*/, std::string_view /*dataset*/) const {
    return {};
  }
  /// By default the last of the objective's epochs.
  virtual int full_fidelity_impl() const;
  /// By default the first metric.
  virtual std::string objective_impl() const;
  /// By default "test_accuracy", where the benchmark has a metric of this name.
  virtual std::string report_metric_impl() const;
  /// By default "train_seconds", where the benchmark has a metric of this name.
  virtual std::string cost_metric_impl() const;
  virtual bool continues_trials_impl() const { return false; }
  virtual std::optional<double> best_impl(std::string_view /*metric*/) const { return std::nullopt; }
  /// One value; `lookup.metric` is the index in metrics_impl(). Throw Error where there is none.
  virtual double value_impl(const Architecture& architecture, const Lookup& lookup) const = 0;
  /// Several values of one architecture; by default one value_impl() after the other. A table overrides it to
  /// find its row once.
  virtual void values_impl(const Architecture& architecture, std::span<const Lookup> lookups,
                           std::span<double> values) const;

 private:
  void check_adapted() const;
  bool has_metric(std::string_view name) const;

  const SearchSpace* space_ = nullptr;
  const Dataset* dataset_ = nullptr;
};

}  // namespace espalier
