#pragma once

#include <filesystem>
#include <string>

namespace espalier::host {

/// The calls of request_stop() since this was made: a run stops for those that come after it began.
class StopRequests {
 public:
  StopRequests();
  bool arrived() const;

 private:
  unsigned before_;
};

/// Throws the Interrupted of a run in this directory, which says how it continues.
[[noreturn]] void throw_stopped(const std::string& what, const std::filesystem::path& run);

}  // namespace espalier::host
