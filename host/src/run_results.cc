#include "run_results.h"

#include <algorithm>

#include "espalier/errors.h"
#include "result_file.h"
#include "run_directory.h"

namespace espalier::host {
namespace {

Error gone(const std::filesystem::path& file) {
  return Error(
      {.what = "a result is gone that was here before", .where = file.string(), .remedy = "run again"});
}

}  // namespace

std::filesystem::path RunResults::folder(const Search& search) const {
  return directory_.search_folder(search.optimizer->label, search.seed);
}

std::optional<SeedResult> RunResults::search(const Search& search) const {
  return read_result(folder(search) / SearchFiles::result, search.optimizer->label, search.seed);
}

std::optional<TrainedArchitecture> RunResults::training(const Search& search, const SeedResult& result,
                                                        const char* folder_name) const {
  return read_training(folder(search) / folder_name / SearchFiles::result, search.optimizer->label,
                       search.seed, result.architecture);
}

SeedResult RunResults::present(const Search& of) const {
  const auto result = search(of);
  if (!result) throw gone(folder(of) / SearchFiles::result);
  return *result;
}

TrainedArchitecture RunResults::present_training(const Search& search, const SeedResult& result,
                                                 const char* folder_name) const {
  const auto trained = training(search, result, folder_name);
  if (!trained) throw gone(folder(search) / folder_name / SearchFiles::result);
  return *trained;
}

std::vector<SeedResult> RunResults::found(const Component& optimizer) const {
  std::vector<SeedResult> results;
  for (const std::uint64_t seed : config_.seeds) {
    const Search search{.optimizer = &optimizer, .seed = seed};
    SeedResult& result = results.emplace_back(present(search));
    if (config_.select)
      result.selection = present_training(search, result, SearchFiles::selection).result.validation;
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
    result.trained = present_training(search, result, SearchFiles::evaluation).result.test;
  }
  return results;
}

}  // namespace espalier::host
