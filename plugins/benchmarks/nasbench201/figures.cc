#include "figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

using espalier::Direction;
using espalier::Metric;

namespace figures {
namespace {

/// Of the names of metrics that are zero-cost proxies.
constexpr std::string_view kPrefix = "zero_cost_";

Metric accuracy(const char* name, const char* help) { return {.name = name, .unit = "%", .help = help}; }

Metric of_device(const char* name, const char* unit, const char* help) {
  return {.name = name, .unit = unit, .direction = Direction::minimize, .help = help};
}

/// A metric that some architectures lack.
Metric of_some(Metric metric) {
  metric.partial = true;
  return metric;
}

/// One of the 13 proxies of NAS-Bench-Suite-Zero.
Metric proxy(const char* name, const char* help) {
  return of_some({.name = std::string(kPrefix) + name, .help = help});
}

void add_latencies(std::vector<Metric>& all) {
  const std::pair<const char*, const char*> gpus[] = {{"gtx1080ti", "an NVIDIA GTX 1080 Ti"},
                                                      {"rtx2080ti", "an NVIDIA RTX 2080 Ti"},
                                                      {"titan_rtx", "an NVIDIA Titan RTX"},
                                                      {"titan_x", "an NVIDIA Titan X"},
                                                      {"titan_xp", "an NVIDIA Titan Xp"}};
  const auto add = [&](const std::string& name, const std::string& help) {
    all.push_back({.name = name + "_latency", .unit = "ms", .direction = Direction::minimize, .help = help});
  };
  for (const auto& [name, device] : gpus)
    for (const int batch : {1, 32, 256})
      add(fmt::format("{}_batch{}", name, batch),
          batch == 1 ? fmt::format("time for one image on {}", device)
                     : fmt::format("time for a batch of {} images on {}", batch, device));
  for (const auto& [name, device] : std::initializer_list<std::pair<const char*, const char*>>{
           {"xeon_gold_6226", "an Intel Xeon Gold 6226"},
           {"xeon_gold_6240", "an Intel Xeon Gold 6240"},
           {"xeon_silver_4114", "an Intel Xeon Silver 4114"},
           {"xeon_silver_4210r", "an Intel Xeon Silver 4210R"},
           {"pixel2", "a Google Pixel 2"},
           {"samsung_a50", "a Samsung A50"},
           {"samsung_s7", "a Samsung S7"},
           {"essential_ph1", "an Essential PH-1"}})
    add(name, fmt::format("time for one image on {}", device));
}

void add_proxies(std::vector<Metric>& all) {
  for (const auto& [name, help] : std::initializer_list<std::pair<const char*, const char*>>{
           {"epe_nas", "how far the gradients of an untrained network differ within each class"},
           {"fisher", "squared products of activations and their gradients, summed"},
           {"flops", "floating-point operations in millions, as a proxy: more is better"},
           {"grad_norm", "norms of the gradients of all layers, summed"},
           {"grasp", "how a change of the weights would change the norm of the gradient"},
           {"jacov", "how far the input gradients of an untrained network differ between images"},
           {"l2_norm", "norms of the initial weights of all layers, summed"},
           {"nwot", "in how many ways the ReLUs of an untrained network tell images apart"},
           {"params", "learnable values in millions, as a proxy: more is better"},
           {"plain", "products of weights and their gradients, summed with their signs"},
           {"snip", "absolute products of weights and their gradients, summed"},
           {"synflow", "the same for an input of ones and absolute weights, its logarithm"},
           {"zen", "how much the features of an untrained network change with its input"}})
    all.push_back(proxy(name, help));
}

std::vector<Metric> all_metrics() {
  std::vector<Metric> all = {
      accuracy("validation_accuracy",
               "accuracy on validation images, of the trainings that the option protocol names"),
      accuracy("test_accuracy", "accuracy on test images, of the trainings that the option protocol names"),
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
  add_latencies(all);
  add_proxies(all);
  return all;
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

std::string prefix_of(std::size_t dataset) {
  return datasets()[dataset] == "imagenet16_120" ? "imagenet16" : datasets()[dataset];
}

std::string column_of(std::size_t metric) {
  const std::string& name = metrics().at(metric).name;
  return metric < kZeroCost ? name : name.substr(kPrefix.size());
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = all_metrics();
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
    const std::string prefix = prefix_of(dataset);
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
