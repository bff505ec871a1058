#include "directory/result_file.h"

#include "directory/finished_job.h"
#include "report/result_json.h"

namespace espalier::host {

std::optional<SeedResult> read_search(const std::filesystem::path& file, const ResultMetrics& metrics) try {
  const auto result = read_result(file);
  if (!result) return std::nullopt;
  return seed_result(*result, metrics);
} catch (const nlohmann::json::exception& error) {
  refuse_result(file, error.what());
}

OrderedJson to_json(const TrainingResult& trained) {
  return {{"parameters", trained.parameters},
          {"test", trained.test},
          {"test_images", trained.test_images},
          {"test_loss", trained.test_loss},
          {"validation", to_json_or_null(trained.validation)}};
}

std::optional<TrainedArchitecture> read_training(const std::filesystem::path& file) try {
  const auto result = read_result(file);
  if (!result) return std::nullopt;
  return TrainedArchitecture{.seed = result->at("seed").get<std::uint64_t>(),
                             .architecture = result->at("architecture").get<std::string>(),
                             .result = {.parameters = result->at("parameters").get<std::int64_t>(),
                                        .test = result->at("test").get<double>(),
                                        .test_images = result->at("test_images").get<std::uint64_t>(),
                                        .test_loss = result->at("test_loss").get<double>(),
                                        .validation = number_or_null(result->at("validation"))}};
} catch (const nlohmann::json::exception& error) {
  refuse_result(file, error.what());
}

}  // namespace espalier::host
