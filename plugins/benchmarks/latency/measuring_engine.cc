#include "measuring_engine.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"

using namespace espalier;

std::string MeasuringEngine::to_text() const {
  return nlohmann::json({{"engine", engine}, {"versions", versions}}).dump(1);
}

MeasuringEngine MeasuringEngine::from_text(std::string_view text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  return {.engine = json.at("engine").get<std::string>(), .versions = json.at("versions").get<std::string>()};
} catch (const nlohmann::json::exception&) {
  throw Error({.what = "what the preparation of the benchmark latency left is damaged",
               .expected = "the versions of what measures",
               .remedy = "begin the run anew"});
}

void check_versions(const std::string& begun, const std::string& now) {
  if (begun == now) return;
  throw UsageError({.what = fmt::format("latencies of two versions cannot be compared: this run began to "
                                        "measure with {}, and now there is {}",
                                        begun, now),
                    .where = "benchmark latency",
                    .expected = begun,
                    .remedy = "name the Python of that version with the option python, or begin a new run"});
}
