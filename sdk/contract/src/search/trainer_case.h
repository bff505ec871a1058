#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "espalier/contract/trainer.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"
#include "rules/tested.h"
#include "search/recording_benchmark.h"

namespace espalier::contract {

/// What a trainer works on: made once, used by all runs of a rule.
struct Workplace {
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;               ///< null where there is none
  std::unique_ptr<RecordingBenchmark> benchmark;  ///< null where there is none
  Resources resources() const { return {.benchmark = benchmark.get(), .dataset = dataset.get()}; }
};

struct TrainerTrial {
  TrainerTrial(const std::string& name, const TrainerCase& given)
      : tested(std::make_shared<Tested>("trainer", name, given.plugin_path, given.options)), how(given) {}

  std::unique_ptr<Trainer> make() const { return tested->make<Trainer>(); }
  Workplace search_place() const;
  Workplace training_place() const;
  /// Adapted to the space.
  std::unique_ptr<Optimizer> make_optimizer(const SearchSpace& space, std::uint64_t seed) const;

  std::shared_ptr<const Tested> tested;
  TrainerCase how;
};

/// A search or a training, whole: a trainer of its own, and an optimizer of its own.
struct Job {
  const TrainerTrial* trial;
  Workplace place;
  bool searches;

  std::string what() const { return searches ? "searching" : "training from scratch"; }
  /// All that it comes to but for the journal.
  nlohmann::json run(Journal& journal, std::uint64_t seed = 3) const;
};

/// Those that the case names.
std::vector<Job> jobs_of(const TrainerTrial& trial);

}  // namespace espalier::contract
