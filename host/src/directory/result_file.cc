#include "directory/result_file.h"

#include <fmt/format.h>

#include "files/atomic_file.h"
#include "report/result_json.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error({.what = fmt::format("this result is not usable: {}", why),
               .where = file.string(),
               .expected = "the result.json that a finished search or training wrote",
               .remedy = "remove it and run again"});
}

void check_belongs(const nlohmann::json& result, const std::string& label, std::uint64_t seed,
                   const fs::path& file) {
  if (result.at("optimizer").get<std::string>() != label || result.at("seed").get<std::uint64_t>() != seed)
    refuse(file, "it belongs to another search");
}

}  // namespace

Error result_gone(const fs::path& file) {
  return Error(
      {.what = "a result that was here before is gone", .where = file.string(), .remedy = "run again"});
}

std::string to_result_text(const SeedResult& result, const std::string& label, const ResultMetrics& metrics) {
  OrderedJson json = {{"optimizer", label}};
  json.update(to_json(result, metrics));
  return json.dump(2) + "\n";
}

std::optional<SeedResult> read_search(const fs::path& file, const std::string& label, std::uint64_t seed,
                                      const ResultMetrics& metrics) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  try {
    const auto result = nlohmann::json::parse(*text);
    check_belongs(result, label, seed, file);
    return seed_result(result, metrics);
  } catch (const nlohmann::json::exception& error) {
    refuse(file, error.what());
  }
}

std::string to_result_text(const TrainedArchitecture& trained, const std::string& label) {
  const OrderedJson json = {
      {"optimizer", label},
      {"seed", trained.seed},
      {"architecture", trained.architecture},
      {"parameters", trained.result.parameters},
      {"test", trained.result.test},
      {"test_loss", trained.result.test_loss},
      {"validation", to_json_or_null(trained.result.validation)},
  };
  return json.dump(2) + "\n";
}

std::optional<TrainedArchitecture> read_training(const fs::path& file, const std::string& label,
                                                 std::uint64_t seed, const std::string& architecture) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  try {
    const auto result = nlohmann::json::parse(*text);
    check_belongs(result, label, seed, file);
    if (result.at("architecture").get<std::string>() != architecture)
      refuse(file, "it belongs to another architecture");
    return TrainedArchitecture{.seed = seed,
                               .architecture = architecture,
                               .result = {.parameters = result.at("parameters").get<std::int64_t>(),
                                          .test = result.at("test").get<double>(),
                                          .test_loss = result.at("test_loss").get<double>(),
                                          .validation = number_or_null(result.at("validation"))}};
  } catch (const nlohmann::json::exception& error) {
    refuse(file, error.what());
  }
}

}  // namespace espalier::host
