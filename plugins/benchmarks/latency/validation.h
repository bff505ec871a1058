#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reading.h"

/// Kendall's tau-b of two lists of one size, at least 2; none where either is constant.
std::optional<double> kendall(std::span<const double> a, std::span<const double> b);

/// How the width of the readings compares with the differences between networks.
struct Spread {
  double width = 0.0;       ///< the median width of a 95 % interval, in milliseconds
  double difference = 0.0;  ///< the median difference between two networks, in milliseconds
  double median = 0.0;      ///< of the networks' times, in milliseconds

  /// Requires at least two readings.
  static Spread of(const std::vector<Reading>& readings);
  bool too_wide() const { return width >= difference; }
  /// A sentence that says so.
  std::string sentence() const;
};

/// How well a model predicts networks that it was not fitted to.
struct Validation {
  std::size_t networks = 0;
  std::optional<double> tau;       ///< of predictions and measurements
  std::optional<double> repeated;  ///< of measurements and a second measurement of each
  double error = 0.0;              ///< the median relative error of a prediction
  Spread spread;

  /// `first` and `second` are two measurements of each network.
  static Validation of(const std::vector<double>& predicted, const std::vector<Reading>& first,
                       const std::vector<Reading>& second);
  /// Whether predictions rank networks at least nine tenths as well as a second measurement.
  bool good() const;
  /// What a reader of the predictions has to know.
  std::vector<std::string> sentences() const;

  nlohmann::json to_json() const;
  /// Throws nlohmann::json::exception.
  static Validation from_json(const nlohmann::json& json);
};
