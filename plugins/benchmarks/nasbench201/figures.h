#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "espalier/search/metric.h"
#include "other_networks.h"
#include "table.h"

/// What the tables know, and in which columns it stands.
namespace figures {

constexpr int kEpochs = 200;
constexpr int kShortEpochs = 12;

/// Indices of metrics(). Those below kTrained depend on the epochs; from kHardware, kLatency and kZeroCost on
/// they are of other tables.
constexpr std::size_t kValidation = 0;
constexpr std::size_t kTest = 1;
constexpr std::size_t kSeconds = 2;
constexpr std::size_t kTrained = 3;
constexpr std::size_t kParameters = 3;
constexpr std::size_t kHardware = 4;
constexpr std::size_t kLatency = 14;
constexpr std::size_t kZeroCost = 37;

constexpr std::size_t kCifar10 = 0;  ///< the index in datasets()
const std::vector<std::string>& datasets();
/// What the columns of a dataset begin with.
std::string prefix_of(std::size_t dataset);
const std::vector<espalier::Metric>& metrics();
/// The column of a metric from kHardware on, in its table.
std::string column_of(std::size_t metric);

/// The networks of a dataset, whose largest has so many parameters with CIFAR-10's classifier.
TableNetworks networks_of(const std::string& dataset, double parameters);

/// The columns of the table of accuracies, found once, in the units of the metrics.
class Columns {
 public:
  Columns() = default;
  /// Throws Error when a column is missing.
  explicit Columns(const Table& table);

  /// The values of a metric below kTrained, by the index of the architecture.
  const std::vector<double>& of(std::size_t metric, std::size_t dataset, int epochs) const {
    return trained_[metric][dataset][epochs == kShortEpochs ? 1 : 0];
  }
  const std::vector<double>& parameters() const { return parameters_; }

 private:
  static constexpr std::size_t kDatasets = 3;
  std::array<std::array<std::array<std::vector<double>, 2>, kDatasets>, kTrained> trained_;
  std::vector<double> parameters_;
};

}  // namespace figures
