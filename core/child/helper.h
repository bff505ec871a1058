#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::child {

/// A program that runs beside this one and is talked to in lines, over its standard input and output. It is
/// killed with its children when this object ends. When this process ends in whatever way, its input ends.
/// All functions are [one-thread].
class Helper {
 public:
  /// What became of waiting for a line.
  struct Answer {
    enum class Kind {
      line,   ///< it came; one of more than a mebibyte is cut there
      ended,  ///< the program closed its output: it ended, as a rule
      late,
    };
    Kind kind = Kind::line;
    std::string line = {};  ///< without its end
  };
  using Deadline = std::chrono::steady_clock::time_point;

  /// Starts a program, given by its path or found in the search path, in a folder, without a shell. Null
  /// where there is no such program or it cannot be started.
  static std::unique_ptr<Helper> start(const std::string& program, const std::vector<std::string>& arguments,
                                       const std::filesystem::path& folder);
  ~Helper();
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  /// The next line that it says by itself.
  Answer listen(Deadline deadline);
  /// Sends it a line, given without its end, and waits for a line.
  Answer ask(std::string_view line, Deadline deadline);
  /// The last line of what it said on standard error.
  std::string last_complaint() const;
  /// Whether this process started it, and did not come out of a fork since.
  bool is_own() const;

 private:
  struct Impl;
  explicit Helper(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier::child
