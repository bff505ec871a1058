#include "espalier/host/host.h"

#include "espalier/host/config/yaml.h"
#include "espalier/search/needs_preparation.h"

namespace espalier::host {

Host::Host(const std::vector<std::filesystem::path>& plugin_path)
    : registry_(PluginRegistry::search_path(plugin_path)) {}

Config Host::read(const std::string& kind, const std::string& name, const std::string& options) {
  return Config(parse_yaml(options, "options of " + kind + " " + name), kind);
}

std::unique_ptr<Benchmark> Host::benchmark(const std::string& name, const SearchSpace& space,
                                           const std::string& options, const Dataset* dataset) {
  auto benchmark = make<Benchmark>(name, options);
  benchmark->adapt(space, dataset);
  prepare(*benchmark);
  return benchmark;
}

}  // namespace espalier::host
