#include "espalier/plugin/plugin_kinds.h"

#include <algorithm>
#include <array>

namespace espalier {

std::span<const std::string> plugin_kinds() {
#define ESPALIER_QUOTE_KIND(kind, Interface) std::string(#kind),
  static const std::array kinds = {ESPALIER_PLUGIN_KINDS(ESPALIER_QUOTE_KIND)};
#undef ESPALIER_QUOTE_KIND
  return kinds;
}

std::string spoken_kind(std::string_view kind) {
  std::string spoken(kind);
  std::replace(spoken.begin(), spoken.end(), '_', ' ');
  return spoken;
}

}  // namespace espalier
