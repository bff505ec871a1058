#include "run/run_results.h"

#include <algorithm>

#include "run/result_file.h"
#include "run/run_directory.h"

namespace espalier::host {

std::filesystem::path RunResults::folder(const Search& search) const {
  return directory_.search_folder(search.optimizer->label, search.seed);
}

std::optional<SeedResult> RunResults::search(const Search& search) const {
  return read_result(folder(search) / SearchFiles::result, search.optimizer->label, search.seed);
}

std::optional<TrainedArchitecture> RunResults::training(const Search& search, const Training& training,
                                                        const std::string& architecture) const {
  return read_training(folder(search) / training.folder / SearchFiles::result, search.optimizer->label,
                       training.seed, architecture);
}

SeedResult RunResults::present(const Search& of) const {
  const auto result = search(of);
  if (!result) throw result_gone(folder(of) / SearchFiles::result);
  return *result;
}

TrainedArchitecture RunResults::present(const Search& search, const Training& training,
                                        const std::string& architecture) const {
  const auto trained = this->training(search, training, architecture);
  if (!trained) throw result_gone(folder(search) / training.folder / SearchFiles::result);
  return *trained;
}

std::vector<SeedResult> RunResults::found(const Component& optimizer) const {
  std::vector<SeedResult> results;
  for (const std::uint64_t seed : config_.seeds) {
    const Search search{.optimizer = &optimizer, .seed = seed};
    SeedResult& result = results.emplace_back(present(search));
    if (config_.select)
      result.selection = present(search, short_training(seed), result.architecture).result.validation;
  }
  return results;
}

std::span<SeedResult> RunResults::chosen(std::vector<SeedResult>& found) const {
  if (!config_.evaluate) return {};
  if (!config_.select) return found;
  return {std::ranges::max_element(found, {}, &SeedResult::selection), 1};
}

std::vector<Search> RunResults::to_be_trained(const Component& optimizer) const {
  std::vector<SeedResult> results = found(optimizer);
  std::vector<Search> searches;
  for (const SeedResult& result : chosen(results))
    searches.push_back({.optimizer = &optimizer, .seed = result.seed});
  return searches;
}

std::vector<SeedResult> RunResults::finished(const Component& optimizer) const {
  std::vector<SeedResult> results = found(optimizer);
  for (SeedResult& result : chosen(results)) {
    const Search search{.optimizer = &optimizer, .seed = result.seed};
    for (const Training& training : trainings_from_scratch(*config_.evaluate, result.seed))
      result.trained.push_back(present(search, training, result.architecture));
  }
  return results;
}

}  // namespace espalier::host
