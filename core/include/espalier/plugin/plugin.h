#pragma once

#include <memory>
#include <string_view>
#include <type_traits>

#include "espalier/config/config.h"
#include "espalier/plugin/abi.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_kinds.h"

#if !defined(__cpp_rtti) || !defined(__cpp_exceptions)
#error \
    "Plugins and the host exchange exceptions and use dynamic_cast: build without -fno-rtti and -fno-exceptions"
#endif

/// A macro at the end of its source makes a shared library a plugin:
///
///     ESPALIER_OPTIMIZER(random_search, RandomSearch, "1.0.0")
///
/// The class needs a constructor that takes `const espalier::Config&`. The name consists of letters, digits,
/// '_', '-' and '.'. The macro exports one descriptor and adds an ELF section whose name holds the kind,
/// name, version and ABI tag, from which the host lists plugins and refuses a mismatched one before any of
/// its code runs.
namespace espalier {

/// What a plugin's library exports under the symbol `espalier_plugin`.
struct PluginDescriptor {
  const char* kind;
  const char* name;
  const char* version;
  const char* abi;
  std::unique_ptr<Plugin> (*create)(const Config& config);
};

/// Whether a plugin can have this name in configs and on command lines.
constexpr bool is_plugin_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.find_first_not_of(kAllowed) == name.npos;
}

/// What PluginDescriptor::create points to: constructs the plugin's class.
template <class Interface, class Implementation>
std::unique_ptr<Plugin> create_plugin(const Config& config) {
  static_assert(std::is_base_of_v<Interface, Implementation>,
                "the class does not implement the interface of its kind");
  return std::make_unique<Implementation>(config);
}

}  // namespace espalier

// `name` is a string: the macros of plugin_kinds.h make it one before it can be expanded, since some
// compilers define macros such as `linux`.
#define ESPALIER_PLUGIN(kind, name, Interface, Class, version)                                           \
  static_assert(::espalier::is_plugin_name(name), "a plugin's name has letters, digits, '_', '-', '.'"); \
  extern "C" {                                                                                           \
  ESPALIER_EXPORT extern const ::espalier::PluginDescriptor espalier_plugin;                             \
  const ::espalier::PluginDescriptor espalier_plugin = {kind, name, version, ESPALIER_ABI_TAG,           \
                                                        &::espalier::create_plugin<Interface, Class>};   \
  [[gnu::section(".espalier/" kind "/" name "/" version "/" ESPALIER_ABI_TAG), gnu::used,                \
    gnu::retain]] const char espalier_plugin_section = 0;                                                \
  }
