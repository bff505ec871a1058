#include "figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

using espalier::Direction;
using espalier::Metric;

namespace figures {
namespace {

Metric accuracy(const char* name, const char* help) { return {.name = name, .unit = "%", .help = help}; }

Metric of_device(const char* name, const char* unit, const char* help) {
  return {.name = name, .unit = unit, .direction = Direction::minimize, .help = help};
}

/// A metric that some architectures lack.
Metric of_some(Metric metric) {
  metric.partial = true;
  return metric;
}

std::vector<double> scaled(const std::vector<double>& column, double numerator, double denominator) {
  std::vector<double> values(column.size());
  std::ranges::transform(column, values.begin(),
                         [&](double value) { return value * numerator / denominator; });
  return values;
}

}  // namespace

const std::vector<std::string>& datasets() {
  static const std::vector<std::string> all = {"cifar10", "cifar100", "imagenet16_120"};
  return all;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = {
      accuracy("validation_accuracy", "accuracy on validation images, mean over the published trainings"),
      accuracy("test_accuracy", "accuracy on test images, mean over the published trainings"),
      of_device("train_seconds", "s", "how long the training took, on one GPU of the authors"),
      of_device("parameters", "count", "learnable values of the network, with the classifier of CIFAR-10"),
      of_device("edgegpu_latency", "ms", "time for one image on an NVIDIA Jetson TX2"),
      of_device("edgegpu_energy", "mJ", "energy for one image on an NVIDIA Jetson TX2"),
      of_device("raspi4_latency", "ms", "time for one image on a Raspberry Pi 4"),
      of_some(of_device("edgetpu_latency", "ms", "time for one image on a Google Edge TPU")),
      of_device("pixel3_latency", "ms", "time for one image on a Google Pixel 3"),
      of_device("eyeriss_latency", "ms", "time for one image on the ASIC Eyeriss"),
      of_device("eyeriss_energy", "mJ", "energy for one image on the ASIC Eyeriss"),
      {.name = "eyeriss_arithmetic_intensity",
       .unit = "ops/byte",
       .help = "operations for each byte of memory traffic on the ASIC Eyeriss"},
      of_device("fpga_latency", "ms", "time for one image on a Xilinx ZC706"),
      of_device("fpga_energy", "mJ", "energy for one image on a Xilinx ZC706")};
  return all;
}

TableNetworks networks_of(const std::string& dataset, double parameters) {
  TableNetworks networks = {.default_images = {3, 32, 32},
                            .default_classes = 10,
                            .parameters = static_cast<std::int64_t>(parameters),
                            .stem_channels = 16,
                            .features = 64};
  networks.images = dataset == "imagenet16_120" ? espalier::Shape{3, 16, 16} : networks.default_images;
  networks.classes = dataset == "cifar100" ? 100 : dataset == "imagenet16_120" ? 120 : 10;
  return networks;
}

Columns::Columns(const Table& table) {
  for (std::size_t dataset = 0; dataset < kDatasets; ++dataset) {
    const std::string& name = datasets()[dataset];
    const std::string prefix = name == "imagenet16_120" ? "imagenet16" : name;
    for (const std::size_t shorter : {0U, 1U}) {
      const char* const suffix = shorter == 1 ? "_12" : "";
      trained_[kValidation][dataset][shorter] = table.column(fmt::format("{}_valid{}", prefix, suffix));
      trained_[kTest][dataset][shorter] = table.column(fmt::format("{}_test{}", prefix, suffix));
      trained_[kSeconds][dataset][shorter] =
          scaled(table.column(prefix + "_train_seconds"), shorter == 1 ? kShortEpochs : kEpochs, kEpochs);
    }
  }
  parameters_ = table.column("params_m");
  constexpr double kMillion = 1e6;
  for (double& value : parameters_) value = std::round(value * kMillion);
}

}  // namespace figures
