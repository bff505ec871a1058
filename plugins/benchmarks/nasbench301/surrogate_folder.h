#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace nasbench301 {

/// What a surrogate predicts.
enum class SurrogateTarget { validation_accuracy, train_seconds };

/// A surrogate that scripts/convert-nasbench301 converted: surrogate.json, and a model for each member.
struct SurrogateFolder {
  enum class Library { xgboost, lightgbm };
  struct Member {
    std::filesystem::path file;
    std::size_t trees = 0;  ///< how many of its trees predict; 0: all
    std::size_t bytes = 0;
    std::string crc32;
  };

  Library library = Library::xgboost;
  std::vector<Member> members;
};

/// [any-thread] The members that surrogate.json of `folder` lists, of which none is read yet. Throws Error
/// where it is missing or malformed, and UsageError for a surrogate that predicts something else.
SurrogateFolder read_surrogate_folder(const std::filesystem::path& folder, SurrogateTarget target);

/// [any-thread] The bytes of a member. Throws Error when they differ from what was converted.
std::string read_member(const SurrogateFolder::Member& member);

}  // namespace nasbench301
