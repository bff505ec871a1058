#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/host/config/evaluate_section.h"
#include "run/job.h"
#include "run/prepared_run.h"
#include "run/training_cache.h"

namespace espalier::host {

/// One training of an architecture, that of a search or a given one.
struct Training {
  std::filesystem::path folder;  ///< within that of the search: "evaluation/seed_1"
  std::uint64_t seed = 0;
  std::string what;  ///< for people: "training from scratch with seed 1"
};

/// The training by which a search is selected, with the seed of the search.
Training short_training(std::uint64_t seed);

/// One with each seed that the section names. Where it names none, one with `seed`, that of the search.
std::vector<Training> trainings_from_scratch(const EvaluateSection& section, std::uint64_t seed);

/// How long trainings are to take, in epochs, before they begin; empty where their options name none.
/// `resolved` are the trainer's options, every default filled in, and `option` is how a person names that of
/// the epochs ("evaluate.epochs"), empty where it cannot be changed any more.
std::string epochs_notice(const ConfigValue* resolved, const std::string& option, std::size_t trainings);

/// What is trained, and by what. All of it outlives the job.
struct TrainingContext {
  Recipe<Trainer>& trainer;
  const SearchSpace& space;
  const Dataset& dataset;
  TrainingCache* cache = nullptr;  ///< where trainings are reused from and kept; null: nowhere
};

/// The job of a training, in `folder`; it leaves the network's weights, too. `what` is for people.
Job training_job(const Training& training, const std::string& label, const std::string& architecture,
                 std::filesystem::path folder, std::string what, const TrainingContext& context);

}  // namespace espalier::host
