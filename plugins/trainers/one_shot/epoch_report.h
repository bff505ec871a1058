#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/search/events.h"
#include "espalier/search/resources.h"

struct EpochMeans {
  double train_loss = 0.0;
  double train_accuracy = 0.0;  ///< percent
  double validation_loss = 0.0;
  double validation_accuracy = 0.0;  ///< percent
};

/// The sums of losses and accuracies over the steps of an epoch so far.
class EpochTotals {
 public:
  void add(const espalier::StepResult& step);
  EpochMeans means() const;
  /// Whether any step used validation images.
  bool has_validation() const { return validation_steps_ > 0; }
  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  EpochMeans sums_;
  std::uint64_t steps_ = 0;
  std::uint64_t validation_steps_ = 0;
};

/// SearchResult::undecided of strengths as OneShotOptimizer::strengths() returns them.
std::optional<double> undecided(const std::vector<std::vector<double>>& strengths);

/// The values of an architecture in the units of the objectives; empty where a benchmark lacks one of them.
/// Throws PluginFailure for a mistake in a benchmark.
std::vector<double> known_values(const espalier::ObjectiveFunction& objective,
                                 const espalier::Architecture& architecture);

/// The event of an epoch, which counts from 1: losses, accuracies, the strengths of each choice's candidates
/// and their entropy, the optimizer's own figures, the architecture that it stands for, and what the
/// benchmarks know of that. What an optimizer does not have is left out.
espalier::EpochEvent report_epoch(int epoch, const EpochTotals& totals,
                                  const espalier::OneShotOptimizer& optimizer,
                                  const espalier::Resources& resources);
