#include "run/search_jobs.h"

#include <fmt/format.h>

#include <utility>

#include "directory/job_files.h"
#include "directory/job_journal.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/plugin_state.h"
#include "espalier/search/searches_in_stages.h"
#include "report/front_csv.h"
#include "report/result_json.h"
#include "run/stage_journal.h"

namespace espalier::host {
namespace {

/// What a stage of one search needs for itself.
struct StagePlugins {
  std::unique_ptr<Trainer> trainer;
  std::unique_ptr<Optimizer> optimizer;  ///< adapted
};

/// The optimizer is the one that the preparation adapted, where that has this seed, or a new one.
StagePlugins begin(const Stage& stage, std::uint64_t seed, const PreparedRun& run) {
  auto trainer = stage.trainer->make();
  auto optimizer = seed == run.first_seed ? stage.optimizer->make() : stage.optimizer->make_another();
  if (!optimizer->adapted()) optimizer->adapt(run.problem(stage, seed, trainer->budget()));
  return {.trainer = std::move(trainer), .optimizer = std::move(optimizer)};
}

SearchResult search_stage(const Stage& stage, std::uint64_t seed, const PreparedRun& run, Journal& journal) {
  const auto [trainer, optimizer] = begin(stage, seed, run);
  return trainer->search(*optimizer, run.resources(), journal);
}

/// The stages one after the other, from the one in which an earlier run was stopped.
SearchResult search_stages(const std::vector<Stage>& stages, std::uint64_t seed, const PreparedRun& run,
                           Journal& of_search) {
  StageJournal journal(of_search, stages.size());
  while (true) {
    const StagePlugins plugins = begin(stages[journal.stage()], seed, run);
    Optimizer& optimizer = *plugins.optimizer;
    auto& ability = dynamic_cast<SearchesInStages&>(optimizer);  // the preparation has checked it
    if (journal.stage() > 0)
      call_plugin(optimizer, "take_over()", [&] { ability.take_over(journal.passed()); });
    SearchResult found = plugins.trainer->search(optimizer, run.resources(), journal);
    if (journal.stage() + 1 == stages.size()) return journal.whole(std::move(found));
    nlohmann::json passed = call_plugin(optimizer, "pass_on()", [&] { return ability.pass_on(); });
    check_state(optimizer, "pass_on()", passed);
    journal.next_stage(found, std::move(passed));
  }
}

SeedResult to_seed_result(const Search& search, const SearchSpace& space, const SearchResult& found) {
  SeedResult result{.seed = search.seed,
                    .architecture = space.to_string(found.architecture),
                    .fidelity = found.fidelity,
                    .values = found.values,
                    .report = found.report,
                    .trials = found.trials,
                    .epochs = found.epochs,
                    .refused = found.refused,
                    .seconds = found.seconds,
                    .front = {},
                    .undecided = found.undecided};
  for (const FrontPoint& point : found.front)
    result.front.push_back({.architecture = space.to_string(point.architecture),
                            .values = point.values,
                            .report = point.report});
  return result;
}

OrderedJson search(const Search& search, const PreparedRun& run, JobJournal& journal) {
  const std::vector<Stage>& stages = search.method->stages;
  const SearchResult found = stages.size() == 1 ? search_stage(stages.front(), search.seed, run, journal)
                                                : search_stages(stages, search.seed, run, journal);
  const SeedResult result = to_seed_result(search, *run.space, found);
  if (!found.supernet.empty()) journal.keep(JobFiles::supernet, found.supernet);
  if (run.metrics().objectives.size() > 1) journal.keep(JobFiles::front, front_csv(result, run.metrics()));
  return to_json(result, run.metrics());
}

}  // namespace

Job search_job(const Search& of, const std::filesystem::path& folder, const PreparedRun& run) {
  return {.folder = folder,
          .what = fmt::format("search of {} with seed {}", of.label(), of.seed),
          .has_curve = true,
          .identity = {{"optimizer", of.label()}, {"seed", of.seed}},
          .subject = {{"budget", of.method->budget}},
          .grows = of.method->grows,
          .work = [of, &run](JobJournal& journal) { return search(of, run, journal); }};
}

}  // namespace espalier::host
