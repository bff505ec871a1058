#include "run/training_jobs.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "directory/network_description.h"
#include "directory/result_file.h"

namespace espalier::host {

Training short_training(std::uint64_t seed) {
  return {.folder = JobFiles::selection, .seed = seed, .what = "short training"};
}

std::vector<Training> trainings_from_scratch(const EvaluateSection& section, std::uint64_t seed) {
  const std::filesystem::path folder = JobFiles::evaluation;
  if (section.seeds.empty()) return {{.folder = folder, .seed = seed, .what = "training from scratch"}};
  std::vector<Training> trainings;
  for (const std::uint64_t own : section.seeds)
    trainings.push_back({.folder = folder / seed_folder(own),
                         .seed = own,
                         .what = fmt::format("training from scratch with seed {}", own)});
  return trainings;
}

std::string epochs_notice(const ConfigValue* resolved, const std::string& option, std::size_t trainings) {
  const ConfigValue* epochs = resolved == nullptr ? nullptr : resolved->find("epochs");
  if (epochs == nullptr) return {};
  const std::string what =
      trainings == 1 ? "the training has" : fmt::format("each of {} trainings has", trainings);
  const ConfigValue* minutes = resolved->find("minutes");
  if (minutes != nullptr && std::strtod(minutes->scalar.c_str(), nullptr) > 0.0)
    return fmt::format(
        "{} as many epochs as fit into {} minutes, at most {}; events.jsonl holds their number, which the "
        "time "
        "of the first steps decides",
        what, minutes->scalar, epochs->scalar);
  const std::string change = option.empty() ? "" : fmt::format(" ({}=N changes that)", option);
  return fmt::format("{} {} epoch{}{}; how long that takes is shown after the first ones", what,
                     epochs->scalar, epochs->scalar == "1" ? "" : "s", change);
}

Job training_job(const Training& training, const std::string& label, const std::string& architecture,
                 std::filesystem::path folder, std::string what, const TrainingContext& context) {
  const std::uint64_t seed = training.seed;
  Job job{.folder = std::move(folder),
          .what = std::move(what),
          .identity = {{"optimizer", label}, {"seed", seed}},
          .subject = {{"architecture", architecture}},
          .work = [=](JobJournal& journal) {
            const auto trainer = context.trainer.make();
            const TrainingResult trained = trainer->evaluate(context.space, context.space.parse(architecture),
                                                             context.dataset, seed, journal);
            if (journal.kept(JobFiles::weights))
              journal.keep(JobFiles::description,
                           network_description(context.space.name(), architecture, context.dataset));
            return to_json(trained, context.dataset);
          }};
  if (context.cache == nullptr) return job;
  return context.cache->reusing(std::move(job), context.trainer, architecture, seed);
}

}  // namespace espalier::host
