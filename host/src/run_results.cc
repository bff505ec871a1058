#include "run_results.h"

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

std::uint64_t RunResults::best_seed(const Component& optimizer) const {
  std::optional<double> best;
  std::uint64_t best_seed = config_.seeds.front();
  for (const std::uint64_t seed : config_.seeds) {
    const Search search{.optimizer = &optimizer, .seed = seed};
    const auto validation =
        present_training(search, present(search), SearchFiles::selection).result.validation;
    if (best && validation <= best) continue;
    best = validation;
    best_seed = seed;
  }
  return best_seed;
}

bool RunResults::is_to_be_trained(const Search& search) const {
  if (!config_.evaluate) return false;
  return !config_.select || best_seed(*search.optimizer) == search.seed;
}

SeedResult RunResults::finished(const Search& search) const {
  SeedResult result = present(search);
  if (config_.select)
    result.selection = present_training(search, result, SearchFiles::selection).result.validation;
  if (is_to_be_trained(search))
    result.trained = present_training(search, result, SearchFiles::evaluation).result.test;
  return result;
}

}  // namespace espalier::host
