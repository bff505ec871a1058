#include "espalier/host/report/terminal_width.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace espalier::host {

std::optional<std::size_t> terminal_width(int descriptor) {
  constexpr std::size_t usual = 80;  // a serial line, for example, does not say
  if (::isatty(descriptor) != 1) return std::nullopt;
  struct winsize size = {};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual;
}

bool can_move_cursor(int descriptor) {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace espalier::host
