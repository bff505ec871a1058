#include "espalier/search/trial_json.h"

#include <cmath>

#include "errors/json_excerpt.h"
#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using nlohmann::json;

[[noreturn]] void refuse_trial(const json& value) {
  throw Error({.what = "a trial cannot be read from " + json_excerpt(value),
               .expected = R"({"id": number, "architecture": [indices], "fidelity": epochs})"});
}

[[noreturn]] void refuse_outcome(const json& value) {
  throw Error({.what = "an outcome cannot be read from " + json_excerpt(value),
               .expected = R"({"values": [finite numbers], "seconds": finite number})"});
}

bool is_finite(const json& value) { return value.is_number() && std::isfinite(value.get<double>()); }

}  // namespace

void to_json(json& value, const Trial& trial) {
  value = {{"id", trial.id}, {"architecture", trial.architecture}, {"fidelity", trial.fidelity}};
}

void from_json(const json& value, Trial& trial) {
  if (!value.is_object() || !value.contains("id") || !value.contains("architecture") ||
      !value.contains("fidelity") || !value.at("id").is_number_unsigned() ||
      !value.at("fidelity").is_number_integer()) {
    refuse_trial(value);
  }
  trial = {.id = value.at("id").get<std::uint64_t>(),
           .architecture = value.at("architecture").get<Architecture>(),
           .fidelity = value.at("fidelity").get<Fidelity>()};
}

void to_json(json& value, const Outcome& outcome) {
  json values = json::array();
  for (const double each : outcome.values) values.push_back(each);
  value = {{"values", std::move(values)}, {"seconds", outcome.seconds}};
}

void from_json(const json& value, Outcome& outcome) {
  if (!value.is_object() || !value.contains("values") || !value.contains("seconds") ||
      !value.at("values").is_array() || value.at("values").empty() || !is_finite(value.at("seconds"))) {
    refuse_outcome(value);
  }
  Outcome read{.values = {}, .seconds = value.at("seconds").get<double>()};
  for (const json& each : value.at("values")) {
    if (!is_finite(each) || read.values.size() == ObjectiveValues::kMost) refuse_outcome(value);
    read.values.push_back(each.get<double>());
  }
  outcome = read;
}

}  // namespace espalier
