#pragma once

#include <string>

namespace espalier::program {

/// Text that a command prints line by line, as it comes; for scripts as a list in JSON.
class LineList {
 public:
  explicit LineList(bool json) : json_(json) {}
  void add(const std::string& line);
  /// After the last line.
  void end() const;

 private:
  bool json_;
  bool empty_ = true;
};

}  // namespace espalier::program
