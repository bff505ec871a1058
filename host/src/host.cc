#include "espalier/host/host.h"

#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

Config read(const std::string& options, const std::string& kind, const std::string& name) {
  return Config(parse_yaml(options, "options of " + kind + " " + name), kind);
}

}  // namespace

Host::Host(const std::vector<std::filesystem::path>& plugin_path)
    : registry_(PluginRegistry::search_path(plugin_path)) {}

std::unique_ptr<SearchSpace> Host::search_space(const std::string& name, const std::string& options) {
  return registry_.search_space(name, read(options, "search_space", name));
}

std::unique_ptr<Optimizer> Host::optimizer(const std::string& name, const std::string& options) {
  return registry_.optimizer(name, read(options, "optimizer", name));
}

std::unique_ptr<Benchmark> Host::benchmark(const std::string& name, const SearchSpace& space,
                                           const std::string& options, const Dataset* dataset) {
  auto benchmark = registry_.benchmark(name, read(options, "benchmark", name));
  benchmark->adapt(space, dataset);
  return benchmark;
}

std::unique_ptr<Trainer> Host::trainer(const std::string& name, const std::string& options) {
  return registry_.trainer(name, read(options, "trainer", name));
}

std::unique_ptr<Dataset> Host::dataset(const std::string& name, const std::string& options) {
  return registry_.dataset(name, read(options, "dataset", name));
}

}  // namespace espalier::host
