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

/// What to look up. Empty and unset parts mean the benchmark's defaults (its options).
struct Query {
  std::string metric = {};                  ///< "validation_accuracy", "test_accuracy", "train_seconds", …
  std::string dataset = {};                 ///< "cifar10", …
  std::optional<int> epoch = std::nullopt;  ///< the result after so many epochs
};

/// Knows how good architectures are: from a table, a surrogate, or by training them.
///
/// evaluate() and test() are the way of a search: what they look up is fixed by the benchmark's options.
/// query() is for everything else that it knows. All const functions may be called from several threads at
/// once.
class ESPALIER_EXPORT Benchmark : public Plugin {
 public:
  ~Benchmark() override;

  /// Opens the benchmark for `space`, which outlives it. Throws UsageError when it does not know the
  /// space or lacks a dataset that it needs, Error when its data is missing or damaged.
  void open(const SearchSpace& space, const Dataset* dataset = nullptr);
  /// Only after open().
  const SearchSpace& space() const { return *space_; }

  /// Names of the search spaces that it knows; empty: any.
  virtual std::vector<std::string> spaces() const = 0;
  virtual std::vector<std::string> datasets() const = 0;
  virtual std::vector<std::string> metrics() const = 0;
  /// The epochs at which `metric` is known on `dataset`, ascending; empty when it depends on none. An
  /// empty name means the default, as in a Query.
  virtual std::vector<int> epochs(std::string_view metric, std::string_view dataset) const = 0;

  /// One value. Throws UsageError for an unknown dataset, metric or epoch (with the nearest), Error
  /// where the benchmark has no value for this architecture.
  double query(const Architecture& architecture, const Query& query = {}) const;
  std::vector<double> query(std::span<const Architecture> architectures, const Query& query = {}) const;

  /// What a search sees: the objective (validation accuracy) and its cost, under the benchmark's
  /// options.
  Evaluation evaluate(const Architecture& architecture) const;
  /// The test accuracy under the benchmark's options: for reports, never for an optimizer.
  std::optional<double> test(const Architecture& architecture) const;
  /// The best test accuracy of the whole space, where it is known.
  virtual std::optional<double> best_test() const { return std::nullopt; }

 protected:
  Benchmark() = default;

  /// What open() was given; null where a config names none.
  const Dataset* dataset() const { return dataset_; }

  /// Loads data; runs once.
  virtual void load(const SearchSpace& space) = 0;
  virtual double do_query(const Architecture& architecture, const Query& query) const = 0;
  virtual Evaluation do_evaluate(const Architecture& architecture) const = 0;
  virtual std::optional<double> do_test(const Architecture& architecture) const = 0;

 private:
  void check_open() const;
  void check(const Query& query) const;

  const SearchSpace* space_ = nullptr;
  const Dataset* dataset_ = nullptr;
};

}  // namespace espalier
