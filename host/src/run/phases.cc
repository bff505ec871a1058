#include "run/phases.h"

#include <fmt/format.h>

#include "run/preparation_jobs.h"

namespace espalier::host {

bool Phases::prepare() {
  const auto preparations = preparation_jobs(context_.prepared, context_.directory);
  if (preparations.empty()) return false;
  run_phase("preparations", preparations);
  load_preparations(context_.prepared, context_.directory);
  return true;
}

void Phases::run() {
  if (const auto objectives = context_.prepared.metrics().objectives; !objectives.empty())
    context_.jobs.objective = objectives.front();
  run_phase("searches", searches());
  context_.jobs.objective.reset();
  if (context_.config.select) run_trainings("short trainings", "select", short_trainings());
  if (context_.config.evaluate) run_trainings("trainings", "evaluate", trainings());
}

void Phases::run_phase(const char* unit, const std::vector<Job>& jobs) {
  context_.jobs.unit = unit;
  run_jobs(jobs, context_.jobs);
}

void Phases::run_trainings(const char* unit, const std::string& key, const std::vector<Job>& jobs) {
  const std::string option = context_.directory.held_results() ? "" : key + ".epochs";
  context_.jobs.notice = epochs_notice(context_.prepared.resolved.find(key), option, jobs.size());
  run_phase(unit, jobs);
}

std::vector<Job> Phases::searches() const {
  std::vector<Job> jobs;
  for (const Search& search : context_.results.searches())
    jobs.push_back(search_job(search, context_.results.folder(search), context_.prepared));
  return jobs;
}

std::vector<Job> Phases::short_trainings() const {
  std::vector<Job> jobs;
  for (const Search& search : context_.results.searches())
    jobs.push_back(training(search, short_training(search.seed), *context_.prepared.selection));
  return jobs;
}

std::vector<Job> Phases::trainings() const {
  std::vector<Job> jobs;
  for (const Method& method : context_.prepared.methods)
    for (const Search& search : context_.results.to_be_trained(method))
      for (const Training& each : trainings_from_scratch(*context_.config.evaluate, search.seed))
        jobs.push_back(training(search, each, *context_.prepared.evaluation));
  return jobs;
}

Job Phases::training(const Search& search, const Training& training, Recipe<Trainer>& trainer) const {
  return training_job(training, search.label(), context_.results.present(search).architecture,
                      context_.results.folder(search) / training.folder,
                      fmt::format("{} of {} with seed {}", training.what, search.label(), search.seed),
                      {.trainer = trainer,
                       .space = *context_.prepared.space,
                       .dataset = *context_.prepared.dataset,
                       .cache = &context_.cache});
}

}  // namespace espalier::host
