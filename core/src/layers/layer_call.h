#pragma once

#include <string>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/layers/layer.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {

/// Calls a function of a plugin's layer as call_plugin() does, except that an Error passes unchanged: the
/// callers know the layer's place in the graph and add it.
template <class Function>
auto call_layer(const LayerDefinition& layer, std::string_view call, const Function& function) {
  const std::string origin = layer.origin();
  try {
    const PluginCall entered(origin, call);
    return function();
  } catch (const Error&) {
    throw;
  } catch (...) {
    rethrow_from_plugin(origin, call);
  }
}

}  // namespace espalier
