#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The images of one split, by class.
struct ClassFolder {
  std::string name;
  std::vector<std::filesystem::path> images;  ///< sorted by name
};

/// Names of files that are not images, with how many files have each.
using OtherFiles = std::map<std::string, std::size_t>;

/// What an image folder holds: the names of its files, not yet their content.
struct ImageFolders {
  std::vector<ClassFolder> train;                ///< sorted by name
  std::optional<std::vector<ClassFolder>> test;  ///< nothing where the folder has no test/
  OtherFiles train_others;
  OtherFiles test_others;
};

/// Looks at ROOT/train/CLASS and ROOT/test/CLASS, or at ROOT/CLASS where there is no train/. Throws Error
/// when a class has no images, when there are fewer than two classes, and when those of test/ are others.
ImageFolders look_into(const std::filesystem::path& root);

/// "7 files that are not images were passed over: Thumbs.db (3), notes.txt …"; empty for none.
std::string note_of(const OtherFiles& others);
