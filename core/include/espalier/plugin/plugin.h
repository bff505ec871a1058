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
    "Plugins and the host throw to each other and ask what an object is: build without -fno-rtti and -fno-exceptions"
#endif

/// The last line of a plugin's source makes a shared library a plugin:
///
///     ESPALIER_OPTIMIZER(random_search, RandomSearch, "1.0.0")
///
/// It exports one descriptor, and leaves an ELF section whose name says kind, name and ABI tag, so
/// that the host can list a plugin and refuse a mismatched one before any of its code runs. The class
/// has a constructor that takes `const espalier::Config&`. A name has letters, digits, '_', '-' and '.'.
namespace espalier {

/// What the library exports under the name `espalier_plugin`.
struct PluginDescriptor {
  const char* kind;
  const char* name;
  const char* version;
  const char* abi;
  std::unique_ptr<Plugin> (*create)(const Config& config);
};

/// Whether configs and command lines can name a plugin so.
constexpr bool is_plugin_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.find_first_not_of(kAllowed) == name.npos;
}

template <class Interface, class Implementation>
std::unique_ptr<Plugin> create_plugin(const Config& config) {
  static_assert(std::is_base_of_v<Interface, Implementation>,
                "the class does not implement the interface of its kind");
  return std::make_unique<Implementation>(config);
}

}  // namespace espalier

// The name is made a string before anything is expanded in it: "linux" is a macro of some compilers.
#define ESPALIER_PLUGIN(kind, name, Interface, Class, version)                                           \
  static_assert(::espalier::is_plugin_name(name), "a plugin's name has letters, digits, '_', '-', '.'"); \
  extern "C" {                                                                                           \
  ESPALIER_EXPORT extern const ::espalier::PluginDescriptor espalier_plugin;                             \
  const ::espalier::PluginDescriptor espalier_plugin = {kind, name, version, ESPALIER_ABI_TAG,           \
                                                        &::espalier::create_plugin<Interface, Class>};   \
  [[gnu::section(".espalier/" kind "/" name "/" version "/" ESPALIER_ABI_TAG), gnu::used,                \
    gnu::retain]] const char espalier_plugin_section = 0;                                                \
  }
