#pragma once

#include <filesystem>
#include <string>

#include "espalier/export.h"

namespace espalier {

/// The path of a data file that comes with Espalier or was put beside it: looked for in the folders of
/// ESPALIER_DATA_PATH (colon-separated), then in share/espalier/data of the tree that libespalier_core
/// stands in. Throws Error that says where it looked.
ESPALIER_EXPORT std::filesystem::path find_data(const std::string& file_name);

}  // namespace espalier
