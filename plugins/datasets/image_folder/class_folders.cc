#include "class_folders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <system_error>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace fs = std::filesystem;
using espalier::Error;

namespace {

constexpr const char* kLayout =
    "a folder for each class: FOLDER/train/CLASS/*.jpg and FOLDER/test/CLASS/*.jpg, or FOLDER/CLASS/*.jpg "
    "with the option test_share";

[[noreturn]] void refuse(const fs::path& path, const std::string& what, const std::string& remedy) {
  throw Error({.what = what, .where = path.string(), .expected = kLayout, .remedy = remedy});
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

/// Formats that the plugin cannot read are among them: a picture must not be passed over as if it were none.
bool is_image_name(const fs::path& file) {
  constexpr std::array<std::string_view, 19> kImages = {
      ".png",  ".jpg",  ".jpeg", ".jpe",  ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff",
      ".apng", ".heic", ".heif", ".avif", ".jp2",  ".jxl",  ".svg", ".tga", ".dng"};
  return std::ranges::find(kImages, lower(file.extension().string())) != kImages.end();
}

/// Folders that systems and tools leave beside those of a person.
bool is_of_a_system(const std::string& name) {
  return name.starts_with('.') || name == "__MACOSX" || name == "@eaDir" || name == "lost+found" ||
         name == "System Volume Information" || name == "$RECYCLE.BIN";
}

struct Entries {
  std::vector<fs::path> folders;
  std::vector<fs::path> files;
};

/// The entries of a folder, sorted, but for the folders of systems.
Entries entries_of(const fs::path& folder) {
  Entries found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (!fs::is_directory(entry->path(), ignored)) {
      found.files.push_back(entry->path());
    } else if (!is_of_a_system(entry->path().filename().string())) {
      found.folders.push_back(entry->path());
    }
  }
  if (error)
    refuse(folder, "the image folder cannot be read: " + error.message(),
           "check the path and its permissions; a relative path begins at the folder of the config");
  std::ranges::sort(found.folders);
  std::ranges::sort(found.files);
  return found;
}

void add_other(const fs::path& file, OtherFiles& others) { ++others[file.filename().string()]; }

ClassFolder look_into_class(const fs::path& folder, OtherFiles& others) {
  ClassFolder found{.name = folder.filename().string(), .images = {}};
  const Entries entries = entries_of(folder);
  if (!entries.folders.empty())
    refuse(entries.folders.front(), "there is a folder among the images of a class",
           "move its images into the folder of the class, or move it away");
  OtherFiles own;
  for (const fs::path& file : entries.files) {
    const bool hidden = file.filename().string().starts_with('.');
    if (!hidden && is_image_name(file)) {
      found.images.push_back(file);
    } else {
      add_other(file, own);
    }
  }
  if (found.images.empty()) {
    const std::string note = note_of(own);
    refuse(folder, fmt::format("the class has no images{}{}", note.empty() ? "" : "; ", note),
           "put its images there, or remove the folder");
  }
  for (const auto& [name, count] : own) others[name] += count;
  return found;
}

std::vector<ClassFolder> look_into_split(const fs::path& split, OtherFiles& others) {
  const Entries entries = entries_of(split);
  std::vector<ClassFolder> classes;
  for (const fs::path& file : entries.files) {
    const bool hidden = file.filename().string().starts_with('.');
    if (!hidden && is_image_name(file))
      refuse(file, "there is an image beside the folders of the classes", "move it into that of its class");
    add_other(file, others);
  }
  for (const fs::path& folder : entries.folders) classes.push_back(look_into_class(folder, others));
  if (classes.size() < 2) {
    refuse(split,
           classes.empty() ? "the image folder has no classes"
                           : fmt::format("the image folder has a single class, {}", classes.front().name),
           "put the images into one folder for each of two or more classes");
  }
  return classes;
}

std::vector<std::string> names_of(const std::vector<ClassFolder>& classes) {
  std::vector<std::string> names(classes.size());
  std::ranges::transform(classes, names.begin(), &ClassFolder::name);
  return names;
}

void check_same_classes(const fs::path& test, const ImageFolders& folders) {
  const std::vector<std::string> expected = names_of(folders.train);
  const std::vector<std::string> found = names_of(*folders.test);
  if (found == expected) return;
  throw Error({.what = fmt::format("the classes of the test images are {}", fmt::join(found, ", ")),
               .where = test.string(),
               .expected = fmt::format("the classes of the training images: {}", fmt::join(expected, ", ")),
               .remedy = "give each class a folder in train/ and one in test/"});
}

/// Classes of these names would be a mistake that nothing else notices.
void check_undivided(const fs::path& root) {
  constexpr std::array<std::string_view, 7> kSplits = {"train", "training", "test",      "testing",
                                                       "val",   "valid",    "validation"};
  for (const fs::path& folder : entries_of(root).folders) {
    if (std::ranges::find(kSplits, lower(folder.filename().string())) == kSplits.end()) continue;
    refuse(folder, fmt::format("there is \"{}\", but no train/ beside it", folder.filename().string()),
           "call the folder of the training images train and that of the test images test");
  }
}

void check_exists(const fs::path& root) {
  std::error_code ignored;
  if (fs::is_directory(root, ignored)) return;
  std::vector<std::string> siblings;
  for (fs::directory_iterator entry(root.parent_path(), ignored), end; !ignored && entry != end;
       entry.increment(ignored))
    siblings.push_back(entry->path().filename().string());
  throw Error({.what = fs::exists(root, ignored) ? "this is a file, not a folder of images"
                                                 : "there is no such folder of images",
               .where = root.string(),
               .expected = kLayout,
               .nearest = espalier::nearest(root.filename().string(), siblings),
               .remedy = "check the path; a relative one begins at the folder of the config"});
}

}  // namespace

ImageFolders look_into(const fs::path& root) {
  check_exists(root);
  std::error_code ignored;
  ImageFolders folders;
  const bool divided = fs::is_directory(root / "train", ignored);
  if (!divided) check_undivided(root);
  folders.train = look_into_split(divided ? root / "train" : root, folders.train_others);
  const fs::path test = root / "test";
  if (!divided || !fs::is_directory(test, ignored)) return folders;
  folders.test = look_into_split(test, folders.test_others);
  check_same_classes(test, folders);
  return folders;
}

std::string note_of(const OtherFiles& others) {
  constexpr std::size_t kMost = 5;
  std::size_t count = 0;
  std::vector<std::string> names;
  for (const auto& [name, files] : others) {
    count += files;
    if (names.size() < kMost) names.push_back(files == 1 ? name : fmt::format("{} ({})", name, files));
  }
  if (count == 0) return "";
  if (others.size() > kMost) names.emplace_back("…");
  return fmt::format("{} {} passed over: {}", count,
                     count == 1 ? "file that is not an image was" : "files that are not images were",
                     fmt::join(names, ", "));
}
