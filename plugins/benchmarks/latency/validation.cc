#include "validation.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace {

constexpr double kGoal = 0.9;  // of the tau of a second measurement
constexpr double kPercent = 100.0;

std::vector<double> medians_of(const std::vector<Reading>& readings) {
  std::vector<double> medians;
  medians.reserve(readings.size());
  for (const Reading& reading : readings) medians.push_back(reading.median);
  return medians;
}

std::string tau_text(const std::optional<double>& tau) {
  return tau ? fmt::format("{:.2f}", *tau) : "undefined (all values are equal)";
}

nlohmann::json tau_json(const std::optional<double>& tau) {
  return tau ? nlohmann::json(*tau) : nlohmann::json();
}

std::optional<double> read_tau(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace

std::optional<double> kendall(std::span<const double> a, std::span<const double> b) {
  double agreement = 0.0;
  double differs_in_a = 0.0;
  double differs_in_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const int of_a = (a[i] > a[j]) - (a[i] < a[j]);
      const int of_b = (b[i] > b[j]) - (b[i] < b[j]);
      agreement += of_a * of_b;
      differs_in_a += of_a * of_a;
      differs_in_b += of_b * of_b;
    }
  }
  if (differs_in_a == 0.0 || differs_in_b == 0.0) return std::nullopt;
  return agreement / std::sqrt(differs_in_a * differs_in_b);
}

Spread Spread::of(const std::vector<Reading>& readings) {
  std::vector<double> widths;
  std::vector<double> differences;
  widths.reserve(readings.size());
  differences.reserve(readings.size() * (readings.size() - 1) / 2);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    widths.push_back(readings[i].width());
    for (std::size_t j = i + 1; j < readings.size(); ++j)
      differences.push_back(std::abs(readings[i].median - readings[j].median));
  }
  return {.width = median_of(std::move(widths)),
          .difference = median_of(std::move(differences)),
          .median = median_of(medians_of(readings))};
}

std::string Spread::sentence() const {
  return fmt::format(
      "The clock is too noisy to tell these networks apart: the 95 % interval of a latency is {:.3g} ms wide "
      "({:.0f} % of it), and two networks differ by {:.3g} ms (medians); measure on a quieter machine, or "
      "with "
      "more repetitions.",
      width, median > 0.0 ? kPercent * width / median : 0.0, difference);
}

Validation Validation::of(const std::vector<double>& predicted, const std::vector<Reading>& first,
                          const std::vector<Reading>& second) {
  const std::vector<double> measured = medians_of(first);
  std::vector<double> errors;
  errors.reserve(measured.size());
  for (std::size_t i = 0; i < measured.size(); ++i)
    errors.push_back(std::abs(predicted[i] - measured[i]) / measured[i]);
  return {.networks = measured.size(),
          .tau = kendall(predicted, measured),
          .repeated = kendall(measured, medians_of(second)),
          .error = median_of(std::move(errors)),
          .spread = Spread::of(first)};
}

bool Validation::good() const { return tau && (!repeated || *tau >= kGoal * *repeated); }

std::vector<std::string> Validation::sentences() const {
  std::vector<std::string> all = {fmt::format(
      "Latencies are predicted: on {} networks that the predictions were not fitted to, they are {:.1f} % "
      "off "
      "(median) and rank the networks with Kendall's tau {}, where a second measurement reaches {}.",
      networks, kPercent * error, tau_text(tau), tau_text(repeated))};
  if (!good())
    all.push_back(
        "The predicted latencies rank networks less than nine tenths as well as a second measurement does: "
        "raise the option samples, or measure (predict: false).");
  if (spread.too_wide()) all.push_back(spread.sentence());
  return all;
}

nlohmann::json Validation::to_json() const {
  return {{"networks", networks},    {"tau", tau_json(tau)},  {"repeated_tau", tau_json(repeated)},
          {"relative_error", error}, {"width", spread.width}, {"difference", spread.difference},
          {"median", spread.median}};
}

Validation Validation::from_json(const nlohmann::json& json) {
  return {.networks = json.at("networks").get<std::size_t>(),
          .tau = read_tau(json.at("tau")),
          .repeated = read_tau(json.at("repeated_tau")),
          .error = json.at("relative_error").get<double>(),
          .spread = {.width = json.at("width").get<double>(),
                     .difference = json.at("difference").get<double>(),
                     .median = json.at("median").get<double>()}};
}
