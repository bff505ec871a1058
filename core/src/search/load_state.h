#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"

// What the states of all plugins have in common: a damaged one, or one of another plugin, is an Error that
// says so.
namespace espalier {

/// Throws Error unless `state` has `expected` at `key`.
inline void expect_equal(const nlohmann::json& state, const char* key, const nlohmann::json& expected) {
  const nlohmann::json& found = state.at(key);
  if (found == expected) return;
  throw Error(
      {.what = "it is of another " + std::string(key) + ": " + found.dump(), .expected = expected.dump()});
}

/// Runs `load`, which reads the state of `plugin`, a `kind` ("optimizer"). What is wrong with the state
/// becomes an Error that names the plugin and, where `load` knows nothing better, `remedy`.
template <class Load>
void load_state(const Plugin& plugin, const std::string& kind, const std::string& remedy, Load load) {
  const std::string refused = "the " + kind + " \"" + plugin.name() + "\" cannot continue from this state";
  try {
    load();
  } catch (const nlohmann::json::exception& error) {
    throw Error({.what = refused + ", which is damaged: " + error.what(), .remedy = remedy});
  } catch (const PluginFailure&) {
    throw;
  } catch (const Error& error) {
    ErrorDetails details = error.details();
    details.what = refused + ": " + details.what;
    if (details.remedy.empty()) details.remedy = remedy;
    throw Error(std::move(details));
  }
}

/// Calls the hook with which `plugin` reads its own part of the state.
template <class Hook>
void load_own_state(const Plugin& plugin, Hook hook) {
  call_plugin(plugin, "load()", [&] {
    try {
      hook();
    } catch (const nlohmann::json::exception& error) {
      throw Error({.what = std::string("it is damaged: ") + error.what()});
    }
  });
}

}  // namespace espalier
