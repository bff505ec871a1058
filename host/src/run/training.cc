#include "run/training.h"

#include <fmt/format.h>

#include "run/run_directory.h"

namespace espalier::host {

Training short_training(std::uint64_t seed) {
  return {.folder = SearchFiles::selection, .seed = seed, .what = "short training"};
}

std::vector<Training> trainings_from_scratch(const EvaluateSection& section, std::uint64_t seed) {
  const std::filesystem::path folder = SearchFiles::evaluation;
  if (section.seeds.empty()) return {{.folder = folder, .seed = seed, .what = "training from scratch"}};
  std::vector<Training> trainings;
  for (const std::uint64_t own : section.seeds)
    trainings.push_back({.folder = folder / seed_folder(own),
                         .seed = own,
                         .what = fmt::format("training from scratch with seed {}", own)});
  return trainings;
}

}  // namespace espalier::host
