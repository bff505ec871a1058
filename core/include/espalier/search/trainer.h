#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/search/class_result.h"
#include "espalier/search/interrupted.h"
#include "espalier/search/journal.h"
#include "espalier/search/resources.h"
#include "espalier/search/search_problem.h"
#include "espalier/space/architecture.h"

namespace espalier {

class Optimizer;
class SearchSpace;

/// An architecture of a front.
struct FrontPoint {
  Architecture architecture;
  std::vector<double> values;    ///< one for each objective, in the unit of its metric
  std::optional<double> report;  ///< what the report benchmark knows of it
};

/// What a search found. Values stand in the units of their metrics.
struct SearchResult {
  Architecture architecture;
  int fidelity = 0;                             ///< of the trial that gave the values; 0 where there is none
  std::vector<double> values = {};              ///< one for each objective; empty without a benchmark
  std::optional<double> report = std::nullopt;  ///< what the report benchmark knows of it
  std::uint64_t trials = 0;            ///< how many the optimizer was told of; 0 in a one-shot search
  std::uint64_t epochs = 0;            ///< of the supernet in a one-shot search
  std::uint64_t refused = 0;           ///< how many proposals the constraints refused
  double seconds = 0.0;                ///< what the search cost in simulated training seconds
  std::vector<FrontPoint> front = {};  ///< with several objectives: what nothing that was tried dominates
  std::string supernet = {};  ///< the bytes of a file of the supernet that was trained; empty without one
  /// How undecided a search by strengths ends: their entropy as a share of the largest, from 0 (each choice
  /// is decided) to 1 (all candidates are equal). Nothing where there are no strengths.
  std::optional<double> undecided = std::nullopt;
};

/// What became of an architecture that was trained from scratch.
struct TrainingResult {
  std::int64_t parameters = 0;
  double test = 0.0;                 ///< accuracy, percent
  std::uint64_t test_images = 0;     ///< how many images that is the accuracy on; 0 where it is not known
  double test_loss = 0.0;            ///< cross entropy, nats
  std::optional<double> validation;  ///< accuracy on training images that were held out, percent
  /// Of the test images of each class, in the order of the labels; empty where the trainer does not tell.
  std::vector<ClassResult> classes = {};
};

/// Drives an optimizer that has been adapted to its space, or trains from scratch what a search found. A
/// trainer can do one or both.
class ESPALIER_EXPORT Trainer : public Plugin {
 public:
  ~Trainer() override;

  /// [any-thread] What a search may spend under the trainer's options; its optimizer learns it at adapt().
  Budget budget() const;
  /// [any-thread] The names of the options that say only when a search ends, such as how many trials it
  /// makes. A search that has ended is continued where they grow; 0 means no limit.
  std::vector<std::string> growing_options() const;
  /// [one-thread] Throws UsageError when this trainer does not search, cannot drive an optimizer of this
  /// kind, or lacks a resource that it needs. A run asks before its first search.
  void check(const Optimizer& optimizer, const Resources& resources) const;
  /// [one-thread] Throws UsageError when this trainer does not train architectures from scratch, or not those
  /// of `space` on `dataset`. A run asks before its first search.
  void check_evaluation(const SearchSpace& space, const Dataset& dataset) const;
  /// [one-thread] Throws UsageError when evaluate() holds no images out and so gives no validation accuracy.
  void check_selection() const;

  /// [one-thread] Searches to the end. Throws what check() throws, and Interrupted after the journal asked it
  /// to stop.
  SearchResult search(Optimizer& optimizer, const Resources& resources, Journal& journal);
  /// [one-thread] Searches without a journal.
  SearchResult search(Optimizer& optimizer, const Resources& resources);

  /// [one-thread] Trains the network of an architecture from random weights, tests it, and hands its weights
  /// to the journal. Throws what check_evaluation() throws, Error when a loss is not finite, and Interrupted
  /// after the journal asked it to stop.
  TrainingResult evaluate(const SearchSpace& space, const Architecture& architecture, const Dataset& dataset,
                          std::uint64_t seed, Journal& journal);

 protected:
  Trainer() = default;

  virtual Budget budget_impl() const { return {}; }
  virtual std::vector<std::string> growing_options_impl() const { return {}; }
  virtual void check_impl(const Optimizer& /*optimizer*/, const Resources& /*resources*/) const {}
  virtual void check_evaluation_impl(const SearchSpace& space, const Dataset& dataset) const;
  virtual void check_selection_impl() const;
  /// Runs when check() let the two pass.
  virtual SearchResult search_impl(Optimizer& optimizer, const Resources& resources, Journal& journal);
  /// Runs when check_evaluation() let it pass.
  virtual TrainingResult evaluate_impl(const SearchSpace& space, const Architecture& architecture,
                                       const Dataset& dataset, std::uint64_t seed, Journal& journal);

 private:
  [[noreturn]] void refuse_evaluation() const;
};

}  // namespace espalier
