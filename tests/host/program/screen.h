#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::testing {

/// What a person sees of the bytes that a program writes to a terminal: a small one, without scrolling, that
/// breaks lines which are too long, and breaks them anew when its width changes, as most do.
class Screen {
 public:
  explicit Screen(std::size_t width) : width_(width) {}

  void write(std::string_view bytes) {
    for (const char byte : bytes) put(byte);
  }

  void resize(std::size_t width) {
    width_ = width;
    if (cursor_ > width_) broken_ = true;
  }

  /// Whether a line was ever broken because it was too long.
  bool broke_a_line() const { return broken_; }
  /// The lines as they were written, the last one with what stands on it now.
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void put(char byte) {
    if (!escape_.empty()) {
      escape_ += byte;
      if (escape_.size() > 2 && byte >= '@' && byte <= '~') end_escape();
    } else if (byte == '\x1b') {
      escape_ = byte;
    } else if (byte == '\r') {
      cursor_ = 0;
    } else if (byte == '\n') {
      lines_.emplace_back();
      cursor_ = 0;
    } else {
      std::string& line = lines_.back();
      if (line.size() <= cursor_) line.resize(cursor_ + 1, ' ');
      line[cursor_++] = byte;
      // In the last column a terminal waits for one more character before it begins a line.
      if (line.size() > width_) broken_ = true;
    }
  }

  void end_escape() {
    const char command = escape_.back();
    // A cursor at the beginning of a line clears all of it, into however many lines it was broken.
    if (command == 'J' || command == 'K') lines_.back().resize(std::min(cursor_, lines_.back().size()));
    escape_.clear();
  }

  std::size_t width_;
  std::vector<std::string> lines_ = {""};
  std::size_t cursor_ = 0;
  std::string escape_;
  bool broken_ = false;
};

}  // namespace espalier::testing
