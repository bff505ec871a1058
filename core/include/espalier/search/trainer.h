#pragma once

#include <cstdint>
#include <optional>

#include "espalier/errors/errors.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/search/journal.h"
#include "espalier/space/architecture.h"

namespace espalier {

class Benchmark;
class Dataset;
class Optimizer;
class SearchSpace;

/// The search was stopped by the user after a checkpoint; the same run goes on from there.
class ESPALIER_EXPORT Interrupted : public Error {
 public:
  using Error::Error;
  ~Interrupted() override;
  /// What a trainer throws when its journal asked it to stop.
  static Interrupted after_checkpoint();
};

/// What a search found.
struct SearchResult {
  Architecture architecture;
  std::optional<double> validation;  ///< percent
  std::optional<double> test;        ///< percent
  std::uint64_t evaluations = 0;
  double seconds = 0.0;  ///< what the search cost in (simulated) training seconds
};

/// What became of an architecture that was trained from scratch.
struct TrainingResult {
  std::int64_t parameters = 0;
  double test = 0.0;                 ///< accuracy, percent
  double test_loss = 0.0;            ///< cross entropy, nats
  std::optional<double> validation;  ///< accuracy on training images that were kept back, percent
};

/// What a search may draw on; null where the config names none.
struct Resources {
  const Benchmark* benchmark = nullptr;
  const Dataset* dataset = nullptr;
};

/// Drives an optimizer that has been adapted to its space, or trains what a search found from scratch. A
/// trainer can do one or both.
class ESPALIER_EXPORT Trainer : public Plugin {
 public:
  ~Trainer() override;

  /// Throws UsageError when this trainer does not search, the optimizer is of a kind that it cannot drive,
  /// or a resource that it needs is missing. A run asks before its first search.
  virtual void check(const Optimizer& /*optimizer*/, const Resources& /*resources*/) const {}

  /// Throws UsageError when this trainer does not train architectures from scratch, or not those of `space`
  /// on `dataset`. A run asks before its first search.
  virtual void check_evaluation(const SearchSpace& space, const Dataset& dataset) const;

  /// Throws UsageError when evaluate() keeps no images back to tell a validation accuracy by.
  virtual void check_selection() const;

  /// Searches to the end. Throws what check() does, and Interrupted when stop_requested() turned true.
  SearchResult search(Optimizer& optimizer, const Resources& resources, Journal& journal);
  /// Without a journal.
  SearchResult search(Optimizer& optimizer, const Resources& resources);

  /// Trains the network of an architecture from random weights, tests it, and hands its weights to the
  /// journal. Throws what check_evaluation() does, Error when a loss is not finite, and Interrupted when
  /// stop_requested() turned true.
  TrainingResult evaluate(const SearchSpace& space, const Architecture& architecture, const Dataset& dataset,
                          std::uint64_t seed, Journal& journal);

 protected:
  Trainer() = default;
  /// Runs when check() let the two pass.
  virtual SearchResult do_search(Optimizer& optimizer, const Resources& resources, Journal& journal);
  /// Runs when check_evaluation() let it pass.
  virtual TrainingResult do_evaluate(const SearchSpace& space, const Architecture& architecture,
                                     const Dataset& dataset, std::uint64_t seed, Journal& journal);

 private:
  [[noreturn]] void refuse_evaluation() const;
};

}  // namespace espalier
