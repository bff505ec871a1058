#pragma once

#include <string>
#include <utility>

#include "espalier/plugin/export.h"

namespace espalier {

/// The base of all interfaces that plugins implement.
class ESPALIER_EXPORT Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin();

  /// [any-thread] The name by which configs refer to the plugin. Whoever creates the plugin sets it after the
  /// constructor, in which it is still empty.
  const std::string& name() const { return name_; }
  /// [one-thread] Sets name().
  void set_name(std::string name) { name_ = std::move(name); }

  /// [any-thread] How errors name the plugin: "optimizer 'gdas' (lib/espalier/plugins/gdas.so)", or name()
  /// when nothing more was set.
  const std::string& origin() const { return origin_.empty() ? name_ : origin_; }
  /// [one-thread] Sets origin().
  void set_origin(std::string origin) { origin_ = std::move(origin); }

 private:
  std::string name_;
  std::string origin_;
};

}  // namespace espalier
