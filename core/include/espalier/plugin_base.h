#pragma once

#include <string>
#include <utility>

#include "espalier/export.h"

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

 private:
  std::string name_;
};

}  // namespace espalier
