#include "plugin_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <string_view>
#include <system_error>

#include "boost/core/demangle.hpp"
#include "boost_dll.h"
#include "espalier/errors.h"

namespace espalier::host {
namespace {

constexpr const char* kSymbol = "espalier_plugin";

[[noreturn]] void refuse(const PluginFile& file, const std::string& why, std::string remedy) {
  throw Error({.what = fmt::format("{} '{}' does not load: it {}", file.kind, file.name, why),
               .where = file.file.string(),
               .remedy = std::move(remedy)});
}

// `message` is the dynamic loader's: "FILE: undefined symbol: NAME (fatal)".
[[noreturn]] void refuse_load(const PluginFile& file, std::string_view message) {
  constexpr std::string_view kUndefined = "undefined symbol: ";
  if (const std::size_t at = message.find(kUndefined); at != message.npos) {
    const std::string_view rest = message.substr(at + kUndefined.size());
    const std::string symbol(rest.substr(0, rest.find_first_of(" ,")));
    const std::string readable = boost::core::demangle(symbol.c_str());
    refuse(file,
           "lacks the symbol " + (readable == symbol ? symbol : fmt::format("{} ({})", readable, symbol)),
           "link the library that defines it, and all plugins with -Wl,--no-undefined");
  }
  const std::string prefix = file.file.string() + ": ";
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  refuse(file, fmt::format("is refused by the dynamic loader: {}", message),
         "install the libraries that it needs (see ldd), or build it again");
}

void check_agreement(const PluginFile& file, const PluginDescriptor& descriptor) {
  const auto agree = [&](std::string_view what, const std::string& section, const char* exported) {
    if (exported != nullptr && section == exported) return;
    refuse(file,
           fmt::format("contradicts itself: its section says {} '{}', its descriptor '{}'", what, section,
                       exported == nullptr ? "" : exported),
           "leave both to a macro of espalier/plugin.h");
  };
  agree("ABI", file.abi, descriptor.abi);
  agree("kind", file.kind, descriptor.kind);
  agree("name", file.name, descriptor.name);
  if (descriptor.create == nullptr) {
    refuse(file, "exports a descriptor that creates nothing", "use a macro of espalier/plugin.h");
  }
}

std::string owner(const PluginFile& file) {
  return fmt::format("{} '{}' ({})", file.kind, file.name, file.file.string());
}

template <class AnyError>
[[noreturn]] void pass_on(const AnyError& error, const PluginFile& file) {
  ErrorDetails details = error.details();
  details.where = owner(file);
  throw AnyError(std::move(details));
}

template <class AnyError>
bool can_name_owner(const AnyError& error) {
  return error.details().where.empty() && typeid(error) == typeid(AnyError);
}

[[noreturn]] void refuse_exception(const PluginFile& file, const std::string& what) {
  throw Error({.what = "the plugin's constructor failed: " + what,
               .where = owner(file),
               .remedy = "this is a mistake in the plugin: report it to its author"});
}

}  // namespace

const PluginDescriptor& load_plugin(const PluginFile& file) {
  using boost::dll::load_mode::type;
  // Objects, vtables and exceptions of a plugin may outlive whoever loaded it: it stays.
  constexpr auto kMode = static_cast<type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  std::error_code error;
  const boost::dll::shared_library library(file.file, kMode, error);
  if (!library.is_loaded()) {
    const char* const message = dlerror();
    refuse_load(file, message == nullptr ? error.message() : message);
  }
  if (!library.has(kSymbol)) {
    refuse(file, fmt::format("has a plugin section but lacks the symbol {}", kSymbol),
           "use a macro of espalier/plugin.h, and do not hide its symbol");
  }
  const auto& descriptor = library.get<const PluginDescriptor>(kSymbol);
  check_agreement(file, descriptor);
  return descriptor;
}

std::unique_ptr<Plugin> construct_plugin(const PluginDescriptor& descriptor, const PluginFile& file,
                                         const Config& config) {
  std::unique_ptr<Plugin> plugin;
  try {
    plugin = descriptor.create(config);
  } catch (const UsageError& error) {
    if (can_name_owner(error)) pass_on(error, file);
    throw;
  } catch (const Error& error) {
    if (can_name_owner(error)) pass_on(error, file);
    throw;
  } catch (const std::exception& error) {
    refuse_exception(file, error.what());
  } catch (...) {
    refuse_exception(file, "it threw something that is no std::exception");
  }
  if (plugin == nullptr) refuse_exception(file, "it made nothing");
  return plugin;
}

}  // namespace espalier::host
