#include "result_file.h"

#include <fmt/format.h>

#include "atomic_file.h"
#include "espalier/errors.h"
#include "json_optional.h"

namespace espalier::host {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error({.what = fmt::format("this result is not usable: {}", why),
               .where = file.string(),
               .expected = "the result.json that a finished search wrote",
               .remedy = "remove it and run again"});
}

}  // namespace

std::string to_result_text(const SeedResult& result, const std::string& label) {
  const OrderedJson json = {
      {"optimizer", label},
      {"seed", result.seed},
      {"architecture", result.architecture},
      {"validation", to_json_or_null(result.validation)},
      {"test", to_json_or_null(result.test)},
      {"evaluations", result.evaluations},
      {"seconds", result.seconds},
  };
  return json.dump(2) + "\n";
}

std::optional<SeedResult> read_result(const std::filesystem::path& file, const std::string& label,
                                      std::uint64_t seed) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(*text);
    if (json.at("optimizer").get<std::string>() != label || json.at("seed").get<std::uint64_t>() != seed) {
      refuse(file, "it is another search's");
    }
    return SeedResult{.seed = seed,
                      .architecture = json.at("architecture").get<std::string>(),
                      .validation = number_or_null(json.at("validation")),
                      .test = number_or_null(json.at("test")),
                      .evaluations = json.at("evaluations").get<std::uint64_t>(),
                      .seconds = json.at("seconds").get<double>()};
  } catch (const nlohmann::json::exception& error) {
    refuse(file, error.what());
  }
}

}  // namespace espalier::host
