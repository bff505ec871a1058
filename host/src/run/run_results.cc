#include "run/run_results.h"

#include <algorithm>

#include "directory/finished_job.h"
#include "directory/result_file.h"
#include "directory/run_directory.h"

namespace espalier::host {

std::vector<Search> RunResults::searches() const {
  std::vector<Search> all;
  for (const Method& method : run_.methods)
    for (const std::uint64_t seed : config_.seeds) all.push_back({.method = &method, .seed = seed});
  return all;
}

std::filesystem::path RunResults::folder(const Search& search) const {
  return directory_.search_folder(search.label(), search.seed);
}

SeedResult RunResults::present(const Search& search) const {
  const auto file = folder(search) / JobFiles::result;
  const auto result = read_search(file, run_.metrics());
  if (!result) throw result_gone(file);
  return *result;
}

TrainedArchitecture RunResults::present(const Search& search, const Training& training) const {
  const auto file = folder(search) / training.folder / JobFiles::result;
  const auto trained = read_training(file);
  if (!trained) throw result_gone(file);
  return *trained;
}

std::vector<SeedResult> RunResults::found(const Method& method) const {
  std::vector<SeedResult> results;
  for (const std::uint64_t seed : config_.seeds) {
    const Search search{.method = &method, .seed = seed};
    SeedResult& result = results.emplace_back(present(search));
    if (config_.select) result.selection = present(search, short_training(seed)).result.validation;
  }
  return results;
}

std::span<SeedResult> RunResults::chosen(std::vector<SeedResult>& found) const {
  if (!config_.evaluate) return {};
  if (!config_.select) return found;
  return {std::ranges::max_element(found, {}, &SeedResult::selection), 1};
}

std::vector<Search> RunResults::to_be_trained(const Method& method) const {
  std::vector<SeedResult> results = found(method);
  std::vector<Search> searches;
  for (const SeedResult& result : chosen(results))
    searches.push_back({.method = &method, .seed = result.seed});
  return searches;
}

std::vector<SeedResult> RunResults::finished(const Method& method) const {
  std::vector<SeedResult> results = found(method);
  for (SeedResult& result : chosen(results)) {
    const Search search{.method = &method, .seed = result.seed};
    for (const Training& training : trainings_from_scratch(*config_.evaluate, result.seed))
      result.trained.push_back(present(search, training));
  }
  return results;
}

}  // namespace espalier::host
