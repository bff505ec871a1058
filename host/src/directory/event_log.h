#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "espalier/host/files/write_file.h"
#include "files/file_descriptor.h"
#include "files/sha256.h"

namespace espalier::host {

/// How far an event log reaches, and what it holds up to there.
struct EventPosition {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// events.jsonl of a job under way. Lines are added to the file in blocks, so that a search of any length
/// needs no more memory than a short one.
class EventLog {
 public:
  explicit EventLog(std::filesystem::path file) : file_(std::move(file)) {}

  /// Goes on behind what an earlier process wrote up to `position`, and calls `look` with each line of that.
  /// Throws Error when the file is shorter or holds something else. Call it before anything is added.
  void restore(const EventPosition& position, const std::function<void(std::string_view line)>& look);

  /// Adds a line, given without its end. Throws Error when the disk refuses.
  void add(std::string_view line);
  std::uint64_t count() const { return position_.events; }
  /// Hands all lines to the system, or brings them to the disk. Throws Error.
  EventPosition flush(Durability durability);

 private:
  void write_block();

  std::filesystem::path file_;
  EventPosition position_;  ///< with what waits in `block_`; its sum is left to `sum_`
  Sha256 sum_;
  std::string block_;
  /// Open from the first block on: what the file holds beyond the restored position is cut off then.
  std::optional<FileDescriptor> descriptor_;
};

}  // namespace espalier::host
