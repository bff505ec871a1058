#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace espalier::child {

/// A temporary folder that another program works in; gone at its end, with all that is in it. Throws Error
/// where none can be made.
class WorkingFolder {
 public:
  WorkingFolder();
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;
  ~WorkingFolder();

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace espalier::child
