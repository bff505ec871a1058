#include "page/assets.h"

#include "embed/embed.h"

namespace espalier::page {

ESPALIER_EMBED(page_script, PAGE_SCRIPT)
ESPALIER_EMBED(node_script, NODE_SCRIPT)
ESPALIER_EMBED(page_style, PAGE_STYLE)

}  // namespace espalier::page
