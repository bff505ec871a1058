#pragma once

#include <string>
#include <utility>

#include "espalier/plugin/export.h"

namespace espalier {

/// The root of the plugin interfaces.
class ESPALIER_EXPORT Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin();

  /// The name that a config uses; set by whoever creates the plugin by name.
  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

  /// What errors call it: "optimizer 'gdas' (lib/espalier/plugins/gdas.so)"; the name alone where nobody set
  /// more.
  const std::string& origin() const { return origin_.empty() ? name_ : origin_; }
  void set_origin(std::string origin) { origin_ = std::move(origin); }

 private:
  std::string name_;
  std::string origin_;
};

}  // namespace espalier
