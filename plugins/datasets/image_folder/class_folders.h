#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The class folders of a split, sorted by name. Throws Error when there is none.
std::vector<std::string> class_folder_names(const std::filesystem::path& split);

/// The images of a class folder, sorted by name; hidden files do not count. Throws Error for a file
/// whose name is not that of an image, and when there is none.
std::vector<std::filesystem::path> image_files(const std::filesystem::path& class_folder);
