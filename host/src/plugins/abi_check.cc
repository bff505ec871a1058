#include "plugins/abi_check.h"

#include <fmt/format.h>

#include "espalier/plugin/abi.h"

namespace espalier::host {
namespace {

/// The tag of plugins that link libespalier_network; empty in a host that was built without it, which no
/// plugin's tag equals.
#ifdef ESPALIER_HOST_TORCH_VERSION
constexpr std::string_view kNetworkAbiTag = ESPALIER_ABI_TAG "-torch" ESPALIER_HOST_TORCH_VERSION;
#else
constexpr std::string_view kNetworkAbiTag = {};
#endif

std::string own_tags() {
  std::string tags = ESPALIER_ABI_TAG;
  if (!kNetworkAbiTag.empty()) tags += fmt::format(" and {}", kNetworkAbiTag);
  return tags;
}

}  // namespace

std::string abi_problem(std::string_view tag) {
  if (tag == ESPALIER_ABI_TAG || (!tag.empty() && tag == kNetworkAbiTag)) return {};
  return fmt::format("was built for another ABI: {} (this host: {})", tag, own_tags());
}

}  // namespace espalier::host
