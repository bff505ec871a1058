#pragma once

#include <string>
#include <vector>

namespace espalier::program {

/// What `espalier new` can begin: the kinds of plugin, "one_shot_optimizer" and "layer".
std::vector<std::string> project_kinds();

}  // namespace espalier::program
