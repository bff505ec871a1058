#include "espalier/host/report/training_files.h"

#include <nlohmann/json.hpp>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/sha256.h"

namespace espalier::host {

static_assert(std::string_view(kTrainedWeights) == JobFiles::weights);
static_assert(std::string_view(kTrainedDescription) == JobFiles::description);
static_assert(std::string_view(kSearchedSupernet) == JobFiles::supernet);

std::string read_training_file(const std::filesystem::path& folder, const std::string& name) {
  const auto result = read_result(folder / JobFiles::result);
  if (!result) throw result_gone(folder / JobFiles::result);
  try {
    const std::string sum = result->at("files").at(name).get<std::string>();
    auto bytes = read_file(folder / name);
    if (bytes && sha256_of(*bytes) == sum) return *std::move(bytes);
  } catch (const nlohmann::json::exception&) {  // the trainer kept no such file
    throw Error({.what = "this result has no " + name,
                 .where = folder.string(),
                 .expected = "a training that keeps its weights, as from_scratch does"});
  }
  throw Error({.what = "a file of a finished training is gone or damaged: " + name,
               .where = (folder / name).string(),
               .expected = "the bytes that were written with the result",
               .remedy = "remove " + (folder / JobFiles::result).string() +
                         " and resume the run: this training is done again"});
}

}  // namespace espalier::host
