#include "plugin/end_process.h"

#include <fmt/format.h>
#include <unistd.h>

namespace espalier {

void end_process(const std::string& origin, std::string_view call, std::string_view did) {
  const std::string message = fmt::format(
      "espalier: {}: the plugin's {} {}\n"
      "  remedy:   this is a mistake in the plugin: report it to its author\n",
      origin, call, did);
  (void)!::write(STDERR_FILENO, message.data(), message.size());
  ::_exit(1);
}

}  // namespace espalier
