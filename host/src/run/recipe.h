#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/config/config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "run/environment.h"

namespace espalier::host {

/// A component with every default filled in, as the plugin that read `options` takes them.
ConfigValue resolve(const Component& component, const Config& options);

/// How to make one plugin of a run: the only place where its options are resolved and where it is made.
///
/// To resolve options a plugin has to be made, because its constructor reads them. The one that this takes is
/// kept and is the first that make() hands out, so that nothing is built to be thrown away.
template <class Interface>
class Recipe {
 public:
  /// Makes the first plugin. `path` ("optimizer") says in messages where its options stand, and `assumed`
  /// goes to Config::assume(). Throws what PluginRegistry::make() throws.
  Recipe(Component component, std::string path, PluginRegistry& registry,
         ConfigValue assumed = ConfigValue::map())
      : component_(std::move(component)),
        path_(std::move(path)),
        assumed_(std::move(assumed)),
        registry_(registry),
        options_(unread_options()),
        first_(registry_.make<Interface>(component_.name, options_)) {}

  const Component& component() const { return component_; }
  /// The plugin that the constructor made. Call it before the first make().
  Interface& first() { return *first_; }

  /// [any-thread] A plugin for the caller alone.
  std::unique_ptr<Interface> make() {
    {
      const std::lock_guard lock(mutex_);
      if (first_) return std::move(first_);
    }
    return make_another();
  }
  /// [any-thread] The same, but never the first one.
  std::unique_ptr<Interface> make_another() const {
    return registry_.make<Interface>(component_.name, unread_options());
  }

  /// The options with every default filled in.
  ConfigValue resolved_options() const { return options_.resolved(); }
  /// The component with every default filled in.
  ConfigValue resolved() const { return resolve(component_, options_); }
  /// The plugin and its components.
  std::vector<NamedPlugin> plugins() const {
    std::vector<NamedPlugin> all = {{plugin_kind<Interface>, component_.name}};
    for (const ComponentName& component : options_.components())
      all.push_back({component.kind, component.name});
    return all;
  }

 private:
  Config unread_options() const {
    Config options(component_.options, path_);
    options.assume(assumed_);
    return options;
  }

  Component component_;
  std::string path_;
  ConfigValue assumed_;
  PluginRegistry& registry_;
  Config options_;
  std::mutex mutex_;  ///< of what follows
  std::unique_ptr<Interface> first_;
};

}  // namespace espalier::host
