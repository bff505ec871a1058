#include "directory/result_file.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "directory/finished_job.h"
#include "directory/network_description.h"
#include "report/result_json.h"

namespace espalier::host {
namespace {

OrderedJson classes_to_json(const std::vector<ClassResult>& classes, const std::vector<std::string>& names) {
  OrderedJson json = OrderedJson::array();
  for (std::size_t label = 0; label < classes.size(); ++label)
    json.push_back({{"name", label < names.size() ? names[label] : fmt::to_string(label)},
                    {"images", classes[label].images},
                    {"correct", classes[label].correct},
                    {"accuracy", to_json_or_null(classes[label].accuracy())},
                    {"predicted", classes[label].predicted}});
  return json;
}

void read_classes(const nlohmann::json& json, TrainedArchitecture& trained) {
  for (const auto& each : json) {
    trained.class_names.push_back(each.at("name").get<std::string>());
    trained.result.classes.push_back({.images = each.at("images").get<std::uint64_t>(),
                                      .correct = each.at("correct").get<std::uint64_t>(),
                                      .predicted = each.at("predicted").get<std::vector<std::uint64_t>>()});
  }
}

}  // namespace

std::optional<SeedResult> read_search(const std::filesystem::path& file, const ResultMetrics& metrics) try {
  const auto result = read_result(file);
  if (!result) return std::nullopt;
  return seed_result(*result, metrics);
} catch (const nlohmann::json::exception& error) {
  refuse_result(file, error.what());
}

OrderedJson to_json(const TrainingResult& trained, const Dataset& dataset) {
  return {{"parameters", trained.parameters},
          {"test", trained.test},
          {"test_images", trained.test_images},
          {"test_loss", trained.test_loss},
          {"validation", to_json_or_null(trained.validation)},
          {"classes", classes_to_json(trained.classes, class_names(dataset))},
          {"input", input_to_json(dataset)}};
}

std::optional<TrainedArchitecture> read_training(const std::filesystem::path& file) try {
  const auto result = read_result(file);
  if (!result) return std::nullopt;
  TrainedArchitecture trained{.seed = result->at("seed").get<std::uint64_t>(),
                              .architecture = result->at("architecture").get<std::string>(),
                              .result = {.parameters = result->at("parameters").get<std::int64_t>(),
                                         .test = result->at("test").get<double>(),
                                         .test_images = result->at("test_images").get<std::uint64_t>(),
                                         .test_loss = result->at("test_loss").get<double>(),
                                         .validation = number_or_null(result->at("validation"))}};
  read_classes(result->at("classes"), trained);
  return trained;
} catch (const nlohmann::json::exception& error) {
  refuse_result(file, error.what());
}

}  // namespace espalier::host
