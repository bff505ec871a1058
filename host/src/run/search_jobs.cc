#include "run/search_jobs.h"

#include <fmt/format.h>

#include <utility>

#include "directory/job_files.h"
#include "directory/result_file.h"

namespace espalier::host {
namespace {

/// The optimizer that the preparation adapted, where that has this seed, or a new one.
std::unique_ptr<Optimizer> adapted_optimizer(const Search& search, const PreparedRun& run) {
  Recipe<Optimizer>& recipe = *search.method->optimizer;
  auto optimizer = search.seed == run.first_seed ? recipe.make() : recipe.make_another();
  if (!optimizer->adapted()) optimizer->adapt(*run.space, search.seed);
  return optimizer;
}

std::string search(const Search& search, const PreparedRun& run, Journal& journal) {
  const auto optimizer = adapted_optimizer(search, run);
  const auto trainer = search.method->trainer->make();
  const SearchResult result = trainer->search(*optimizer, run.resources(), journal);
  return to_result_text(SeedResult{.seed = search.seed,
                                   .architecture = run.space->to_string(result.architecture),
                                   .validation = result.validation,
                                   .test = result.test,
                                   .trials = result.trials,
                                   .epochs = result.epochs,
                                   .seconds = result.seconds,
                                   .selection = {},
                                   .trained = {}},
                        search.label());
}

}  // namespace

Job search_job(const Search& of, std::filesystem::path folder, const PreparedRun& run) {
  const auto result = folder / JobFiles::result;
  return {.label = of.label(),
          .seed = of.seed,
          .folder = std::move(folder),
          .what = fmt::format("search of {} with seed {}", of.label(), of.seed),
          .has_curve = true,
          .is_finished = [=] { return read_search(result, of.label(), of.seed).has_value(); },
          .work = [of, &run](Journal& journal) { return search(of, run, journal); }};
}

}  // namespace espalier::host
