#include "plugins/plugin_on_stack.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>

#include <array>

#include "espalier/plugin/plugin.h"

namespace espalier::host {
namespace {

/// What a library exports that is a plugin; null for any other.
const PluginDescriptor* descriptor_of(const char* file) {
  void* const library = ::dlopen(file, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return nullptr;
  const auto* const descriptor = static_cast<const PluginDescriptor*>(::dlsym(library, "espalier_plugin"));
  ::dlclose(library);
  return descriptor;
}

}  // namespace

std::string plugin_on_stack() {
  constexpr std::size_t most_frames = 64;
  std::array<void*, most_frames> frames;
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  for (int i = 0; i < count; ++i) {
    Dl_info library = {};
    if (::dladdr(frames[static_cast<std::size_t>(i)], &library) == 0 || library.dli_fname == nullptr)
      continue;
    if (const PluginDescriptor* const descriptor = descriptor_of(library.dli_fname))
      return fmt::format("{} '{}' ({})", descriptor->kind, descriptor->name, library.dli_fname);
  }
  return {};
}

}  // namespace espalier::host
