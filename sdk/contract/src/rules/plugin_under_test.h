#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/contract/companion.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/host.h"
#include "rules/expect.h"

namespace espalier::contract {

/// The plugin under test; rules create it as often as they need. The first creation looks for its file.
class PluginUnderTest {
 public:
  PluginUnderTest(std::string kind, std::string name, std::vector<std::filesystem::path> plugin_path,
                  std::string options)
      : kind_(std::move(kind)),
        name_(std::move(name)),
        plugin_path_(std::move(plugin_path)),
        options_(std::move(options)) {}

  const std::string& kind() const { return kind_; }
  const std::string& name() const { return name_; }

  ConfigValue options() const { return host::parse_yaml(options_, "options of " + name_); }
  Config config() const { return Config(options(), kind_); }
  std::unique_ptr<Plugin> make(const Config& config) const {
    return host().plugins().make(kind_, name_, config);
  }
  template <class Interface>
  std::unique_ptr<Interface> make() const {
    return as<Interface>(make(config()));
  }

  template <class Interface>
  static std::unique_ptr<Interface> as(std::unique_ptr<Plugin> plugin) {
    auto* const typed = dynamic_cast<Interface*>(plugin.get());
    if (typed == nullptr) throw Violation("the plugin is of another kind than the suite tests");
    std::ignore = plugin.release();  // `typed` owns it now
    return std::unique_ptr<Interface>(typed);
  }

  host::Host& host() const {
    if (!host_) host_ = std::make_unique<host::Host>(plugin_path_);
    return *host_;
  }

 private:
  std::string kind_;
  std::string name_;
  std::vector<std::filesystem::path> plugin_path_;
  std::string options_;
  mutable std::unique_ptr<host::Host> host_;
};

inline std::unique_ptr<SearchSpace> make_space(const PluginUnderTest& plugin, const Companion& space) {
  return plugin.host().search_space(space.name, space.options);
}

}  // namespace espalier::contract
