#include "run/stages.h"

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"
#include "files/atomic_file.h"
#include "run/result_file.h"

namespace espalier::host {
namespace {

std::string name_of(const std::string& kind, const Search& search) {
  return fmt::format("the {} of {} with seed {}", kind, search.optimizer->label, search.seed);
}

}  // namespace

Stages::Stages(const Context& context) : context_(context) {
  for (const Component& optimizer : context_.config.optimizers)
    for (const std::uint64_t seed : context_.config.seeds)
      all_.push_back({.optimizer = &optimizer, .seed = seed});
}

void Stages::run() const {
  const RunConfig& config = context_.config;
  run_stage("searches", searches());
  if (config.select) run_stage("short trainings", short_trainings());
  if (config.evaluate) run_stage("trainings", trainings());
}

void Stages::run_stage(const char* unit, const std::vector<Task>& tasks) const {
  const RunOptions& options = context_.options;
  run_tasks(tasks, {.unit = unit,
                    .where = context_.directory.path().string(),
                    .jobs = jobs_at_once(options.jobs, context_.prepared.uses_all_cores),
                    .quiet = options.quiet,
                    .stop_requested = context_.stop_requested});
}

std::vector<Task> Stages::searches() const {
  std::vector<Task> tasks;
  for (const Search& search : all_) {
    if (context_.results.search(search)) {
      // What a kill between the result and this left.
      remove_file(context_.results.folder(search) / SearchFiles::checkpoint);
      continue;
    }
    tasks.push_back({.name = name_of("search", search),
                     .run = [this, search](Progress& progress) { run_search(search, progress); }});
  }
  return tasks;
}

std::vector<Task> Stages::short_trainings() const {
  std::vector<Task> tasks;
  for (const Search& search : all_)
    add_training(search, short_training(search.seed), *context_.config.select, tasks);
  return tasks;
}

std::vector<Task> Stages::trainings() const {
  const EvaluateSection& section = *context_.config.evaluate;
  std::vector<Task> tasks;
  for (const Component& optimizer : context_.config.optimizers)
    for (const Search& search : context_.results.to_be_trained(optimizer))
      for (const Training& training : trainings_from_scratch(section, search.seed))
        add_training(search, training, section.trainer, tasks);
  return tasks;
}

void Stages::add_training(const Search& search, const Training& training, const Component& trainer,
                          std::vector<Task>& tasks) const {
  const auto result = context_.results.search(search);
  if (result && context_.results.training(search, training, result->architecture)) {
    remove_file(context_.results.folder(search) / training.folder / SearchFiles::checkpoint);
    return;
  }
  tasks.push_back({.name = name_of(training.what, search), .run = [=, &trainer, this](Progress& progress) {
                     train(search, training, trainer, progress);
                   }});
}

SeedJournal::Search Stages::place_of(const Search& search) const {
  const std::string& label = search.optimizer->label;
  return {.folder = context_.results.folder(search),
          .label = label,
          .what = fmt::format("{} seed {}", label, search.seed),
          .seed = search.seed,
          .checkpoint_interval = context_.options.checkpoint_interval};
}

void Stages::run_search(const Search& search, Progress& progress) const {
  const Component& component = *search.optimizer;
  const Component& trained_by = context_.config.trainer;
  const SearchSpace& space = *context_.prepared.space;
  SeedJournal journal(place_of(search), progress, context_.stop_requested);
  const auto optimizer = context_.registry.optimizer(component.name, Config(component.options, "optimizer"));
  const auto trainer = context_.registry.trainer(trained_by.name, Config(trained_by.options, "trainer"));
  optimizer->adapt(space, search.seed);
  const SearchResult result = [&] {
    try {
      return trainer->search(*optimizer, context_.prepared.resources(), journal);
    } catch (...) {
      journal.rethrow();
    }
  }();
  journal.keep_curve();
  journal.finish(to_result_text({.seed = search.seed,
                                 .architecture = space.to_string(result.architecture),
                                 .validation = result.validation,
                                 .test = result.test,
                                 .trials = result.trials,
                                 .seconds = result.seconds,
                                 .selection = {},
                                 .trained = {}},
                                component.label));
}

void Stages::train(const Search& search, const Training& training, const Component& trainer,
                   Progress& progress) const {
  const auto result = context_.results.search(search);
  if (!result) throw Error({.what = "the result of the search is gone", .remedy = "run again"});
  SeedJournal::Search place = place_of(search);
  place.folder /= training.folder;
  place.what += fmt::format(", {}", training.what);
  place.seed = training.seed;
  run_evaluation(result->architecture, place,
                 {.trainer = trainer,
                  .space = *context_.prepared.space,
                  .dataset = *context_.prepared.dataset,
                  .registry = context_.registry,
                  .stop_requested = context_.stop_requested},
                 progress);
}

}  // namespace espalier::host
