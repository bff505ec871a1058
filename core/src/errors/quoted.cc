#include "espalier/errors/quoted.h"

namespace espalier {

std::string quoted(std::string_view text, std::size_t longest) {
  std::string result = "\"";
  for (const char character : text.substr(0, longest))
    result += static_cast<unsigned char>(character) < ' ' || character == '\x7f' ? '?' : character;
  return result + (text.size() > longest ? "…\"" : "\"");
}

}  // namespace espalier
