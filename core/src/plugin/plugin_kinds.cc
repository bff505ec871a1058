#include "espalier/plugin/plugin_kinds.h"

#include <array>

namespace espalier {

std::span<const std::string> plugin_kinds() {
#define ESPALIER_QUOTE_KIND(kind, Interface) std::string(#kind),
  static const std::array kinds = {ESPALIER_PLUGIN_KINDS(ESPALIER_QUOTE_KIND)};
#undef ESPALIER_QUOTE_KIND
  return kinds;
}

}  // namespace espalier
