#include "plugins/plugin_library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <boost/core/demangle.hpp>
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "files/hashed_file.h"
#include "plugins/address_space.h"
#include "plugins/exit_watch.h"

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
  const std::string prefix = std::filesystem::absolute(file.file).string() + ": ";
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
           "leave both to a macro of espalier/plugin/plugin.h");
  };
  agree("ABI", file.abi, descriptor.abi);
  agree("kind", file.kind, descriptor.kind);
  agree("name", file.name, descriptor.name);
  if (descriptor.create == nullptr) {
    refuse(file, "exports a descriptor that creates nothing", "use a macro of espalier/plugin/plugin.h");
  }
}

void check_required(const PluginFile& file, const std::string& hash, const std::string& required) {
  if (required.empty() || hash == required) return;
  throw Error(
      {.what = fmt::format("{} '{}' is refused: its file is another one than the config requires, its "
                           "SHA-256 is {}",
                           file.kind, file.name, hash),
       .where = file.file.string(),
       .expected = required,
       .remedy = "put the required file back, or take the line of `espalier plugins --hashes` over"});
}

void check_unchanged(const PluginFile& file, const HashedFile& hashed) {
  if (!hashed.unchanged()) refuse(file, "was changed while it was loaded", "run again when nobody writes it");
}

/// dlopen(), through a pointer: its declaration promises not to throw, and what a compiler that believes it
/// does with an exception of a library's initialization depends on what it inlines.
void* (*volatile const dynamic_loader)(const char*, int) = ::dlopen;

/// Where to hash and load a plugin from: a path, never a bare name, which the loader would look for among the
/// libraries of the system. That of a pinned plugin begins at its folder, which is held open from here on:
/// whoever exchanges the folder, or one above it, reaches nothing.
std::filesystem::path path_to_load(const PluginFile& file, bool pinned) {
  std::filesystem::path path = std::filesystem::absolute(file.file);
  if (!pinned) return path;
  const int folder = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    refuse(file, "cannot be read: " + std::generic_category().message(errno), "check its permissions");
  return fmt::format("/proc/self/fd/{}/{}", folder, path.filename().string());
}

/// Objects, vtables and exceptions of a plugin may outlive whoever loaded it: it stays.
void* open_library(const PluginFile& file, const std::filesystem::path& path) {
  void* library = nullptr;
  try {
    library = dynamic_loader(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  } catch (...) {
    rethrow_from_plugin(origin_of(file), "initialization");
  }
  if (library == nullptr) {
    const char* const message = ::dlerror();
    refuse_load(file, message == nullptr ? "it gives no reason" : message);
  }
  return library;
}

}  // namespace

std::string origin_of(const PluginFile& file) {
  return fmt::format("{} '{}' ({})", file.kind, file.name, file.file.string());
}

LoadedPlugin load_plugin(const PluginFile& file, const std::string& required) {
  check_address_space(file);
  const std::filesystem::path path = path_to_load(file, !required.empty());
  const HashedFile hashed(path);
  check_required(file, hashed.sha256(), required);
  check_unchanged(file, hashed);
  void* const library = open_library(file, path);
  check_unchanged(file, hashed);
  watch_exits();
  const auto* const descriptor = static_cast<const PluginDescriptor*>(::dlsym(library, kSymbol));
  if (descriptor == nullptr) {
    refuse(file, fmt::format("has a plugin section but lacks the symbol {}", kSymbol),
           "use a macro of espalier/plugin/plugin.h, and do not hide its symbol");
  }
  check_agreement(file, *descriptor);
  return {.descriptor = descriptor, .sha256 = hashed.sha256()};
}

std::unique_ptr<Plugin> construct_plugin(const PluginDescriptor& descriptor, const PluginFile& file,
                                         const Config& config) {
  const std::string origin = origin_of(file);
  std::unique_ptr<Plugin> plugin;
  try {
    const PluginCall entered(origin, "constructor");
    plugin = descriptor.create(config);
  } catch (...) {
    rethrow_from_plugin(origin, "constructor");
  }
  if (plugin == nullptr) {
    throw Error({.what = "the plugin's constructor failed: it made nothing",
                 .where = origin,
                 .remedy = "this is a mistake in the plugin: report it to its author"});
  }
  plugin->set_name(file.name);
  plugin->set_origin(origin);
  return plugin;
}

}  // namespace espalier::host
