#pragma once

#include <memory>
#include <string>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

class Config;

/// Makes plugins by kind and name. The host implements it, so that a component of a plugin is found under the
/// same search path, pins and checks as the plugins that a config names.
class ESPALIER_EXPORT ComponentMaker {
 public:
  virtual ~ComponentMaker();

  /// [any-thread] A plugin that has read all of `options`. `kind` is one of plugin_kinds(). Throws UsageError
  /// for an unknown name or option, and Error when its file is refused or its constructor throws.
  virtual std::unique_ptr<Plugin> make(const std::string& kind, const std::string& name,
                                       const Config& options) = 0;
};

}  // namespace espalier
