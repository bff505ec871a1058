#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// Where data is looked for, in this order: the folders of ESPALIER_DATA_PATH (colon-separated), then
/// share/espalier/data of the tree that libespalier_core stands in. They need not exist.
ESPALIER_EXPORT std::vector<std::filesystem::path> data_folders();

/// The path of a data file that comes with Espalier or was put beside it, from the first of
/// data_folders() that has it. Throws Error that says where it looked.
ESPALIER_EXPORT std::filesystem::path find_data(const std::string& file_name);

}  // namespace espalier
