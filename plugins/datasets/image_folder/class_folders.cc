#include "class_folders.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include "espalier/errors/errors.h"

namespace fs = std::filesystem;

namespace {

constexpr const char* kLayout =
    "FOLDER/train/CLASS/*.png, *.jpg or *.jpeg, and the same in FOLDER/test/CLASS/";

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw espalier::Error(
      {.what = what,
       .where = path.string(),
       .expected = kLayout,
       .remedy =
           "arrange the images in this way, and set the option folder to the folder that holds train/"});
}

/// The entries of a folder, sorted, without hidden files.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename().string().front() != '.') found.push_back(entry->path());
  }
  if (error) refuse(folder, "the image folder cannot be read: " + error.message());
  std::sort(found.begin(), found.end());
  return found;
}

bool is_image_name(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

}  // namespace

std::vector<std::string> class_folder_names(const fs::path& split) {
  std::vector<std::string> names;
  for (const fs::path& entry : entries(split)) {
    std::error_code ignored;
    if (!fs::is_directory(entry, ignored))
      refuse(entry, "there is a file where only folders belong, one for each class");
    names.push_back(entry.filename().string());
  }
  if (names.empty()) refuse(split, "the image folder is empty");
  return names;
}

std::vector<fs::path> image_files(const fs::path& class_folder) {
  std::vector<fs::path> files = entries(class_folder);
  for (const fs::path& file : files) {
    if (!is_image_name(file)) refuse(file, "the name of the file is not that of a PNG or JPEG");
  }
  if (files.empty()) refuse(class_folder, "the class has no images");
  return files;
}
