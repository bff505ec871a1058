#include "espalier/plugin/plugin_cast.h"

#include "espalier/errors/errors.h"

namespace espalier {

void refuse_interface(const Plugin& plugin, const char* kind) {
  throw Error({.what = "it does not implement the interface of its kind, " + spoken_kind(kind),
               .where = plugin.origin(),
               .remedy = "use the macro of its kind, from espalier/plugin/plugin_kinds.h"});
}

}  // namespace espalier
