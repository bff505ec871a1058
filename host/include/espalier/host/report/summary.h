#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"
#include "espalier/search/trainer.h"

namespace espalier::host {

/// One architecture that was trained from scratch: evaluation/result.json.
struct TrainedArchitecture {
  std::uint64_t seed = 0;
  std::string architecture;
  TrainingResult result;
};

/// One finished search: result.json.
struct SeedResult {
  std::uint64_t seed = 0;
  std::string architecture;
  std::optional<double> validation;  ///< percent
  std::optional<double> test;        ///< percent
  std::uint64_t trials = 0;          ///< 0 in a one-shot search
  std::uint64_t epochs = 0;          ///< of a one-shot search
  double seconds = 0.0;              ///< simulated training seconds, the same in every run
  std::optional<double> selection;   ///< validation accuracy of the short training that selects, percent
  std::vector<TrainedArchitecture> trained;  ///< from scratch, in the order of the evaluation seeds
};

/// One optimizer over all seeds.
struct SummaryRow {
  std::string label;
  std::vector<SeedResult> results;  ///< in the order of the config's seeds
  std::optional<Statistics> validation;
  std::optional<Statistics> test;
  std::optional<Statistics> trained;  ///< test accuracy over all trainings from scratch of all seeds
  std::optional<double> regret;       ///< mean of best_test - test
  std::optional<PublishedFigure> published;
};

/// A whole run: what `espalier run` prints and summary.json holds.
struct Summary {
  std::string title;  ///< "nasbench201 · cifar10"
  std::vector<SummaryRow> rows;
  std::optional<double> best_test;
  std::string published_source;
};

/// [any-thread] The table that `espalier run` prints at the end.
ESPALIER_EXPORT std::string render(const Summary& summary);

}  // namespace espalier::host
