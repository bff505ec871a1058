#include "directory/event_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "files/atomic_file.h"

namespace espalier::host {
namespace {

constexpr std::size_t block_size = 1 << 18;

[[noreturn]] void refuse_log(const std::filesystem::path& file, const std::string& why) {
  throw Error(
      {.what = fmt::format("{} is damaged: {}", file.filename().string(), why), .where = file.string()});
}

}  // namespace

void EventLog::restore(const EventPosition& position,
                       const std::function<void(std::string_view line)>& look) {
  std::ifstream stream;
  if (position.bytes > 0) stream = open_file(file_);
  std::string line;
  while (position_.bytes < position.bytes && std::getline(stream, line) && !stream.eof()) {
    sum_.add(line);
    sum_.add("\n");
    position_.bytes += line.size() + 1;
    ++position_.events;
  }
  if (position_.bytes != position.bytes || position_.events != position.events)
    refuse_log(file_, fmt::format("it holds {} events in {} bytes where {} in {} are expected",
                                  position_.events, position_.bytes, position.events, position.bytes));
  if (sum_.digest() != position.sha256) refuse_log(file_, "its bytes are not those that were written");
  stream.clear();
  stream.seekg(0);  // no line is believed before all of them are known to be right
  for (std::uint64_t i = 0; i < position.events; ++i) {
    if (!std::getline(stream, line)) refuse_log(file_, "it cannot be read twice");
    look(line);
  }
}

void EventLog::add(std::string_view line) {
  const std::size_t before = block_.size();
  block_ += line;
  block_ += '\n';
  sum_.add(std::string_view(block_).substr(before));
  position_.bytes += line.size() + 1;
  ++position_.events;
  if (block_.size() >= block_size) write_block();
}

EventPosition EventLog::flush(Durability durability) {
  write_block();
  if (durability == Durability::disk) sync_file(*descriptor_, file_);
  EventPosition position = position_;
  position.sha256 = sum_.digest();
  return position;
}

void EventLog::write_block() {
  if (!descriptor_) {
    descriptor_ = open_to_append(file_);
    const auto kept = static_cast<off_t>(position_.bytes - block_.size());
    if (retried([&] { return ::ftruncate(descriptor_->get(), kept); }) != 0)
      throw_file_error("cannot write", file_, errno);
  }
  write_all(*descriptor_, block_, file_);
  block_.clear();
}

}  // namespace espalier::host
