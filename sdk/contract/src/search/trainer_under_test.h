#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "espalier/contract/trainer.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/report.h"
#include "espalier/search/trainer.h"
#include "rules/plugin_under_test.h"
#include "search/recording_benchmark.h"

namespace espalier::contract {

/// What a trainer works on; all runs of a rule share it.
struct Workplace {
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;               ///< null where there is none
  std::unique_ptr<RecordingBenchmark> benchmark;  ///< null where there is none
  std::unique_ptr<ObjectiveFunction> objective;   ///< that of the benchmark
  std::optional<Report> report;                   ///< null where the benchmark has nothing to report
  Resources resources() const {
    return {.objective = objective.get(), .report = report ? &*report : nullptr, .dataset = dataset.get()};
  }
  SearchProblem problem(std::uint64_t seed) const {
    return objective ? objective->problem(seed) : SearchProblem{.space = *space, .seed = seed};
  }
};

struct TrainerUnderTest {
  TrainerUnderTest(const std::string& name, const TrainerCase& given)
      : plugin(std::make_shared<PluginUnderTest>("trainer", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<Trainer> make() const { return plugin->make<Trainer>(); }
  Workplace search_place() const;
  Workplace training_place() const;
  /// The optimizer of the case, adapted to `space`.
  std::unique_ptr<Optimizer> make_optimizer(const Workplace& place, std::uint64_t seed) const;

  std::shared_ptr<const PluginUnderTest> plugin;
  TrainerCase how;
};

/// A whole search or training. Each run creates the trainer and the optimizer anew.
struct Job {
  const TrainerUnderTest* tested;
  Workplace place;
  bool searches;

  std::string what() const { return searches ? "searching" : "training from scratch"; }
  /// The result, as JSON so that two results can be compared.
  nlohmann::json run(Journal& journal, std::uint64_t seed = 3) const;
};

/// The search and the training that the case names.
std::vector<Job> jobs_of(const TrainerUnderTest& tested);

}  // namespace espalier::contract
