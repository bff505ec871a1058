#include "exports/python_lines.h"

#include <vector>

namespace espalier::exports {
namespace {

constexpr std::size_t kMostColumns = 100;
constexpr std::size_t kStep = 4;

/// The last parenthesis of a line that ends with ")" and its partner; nothing else can be broken.
std::size_t opening(std::string_view line) {
  if (line.empty() || line.back() != ')') return std::string_view::npos;
  int depth = 0;
  for (std::size_t i = line.size(); i-- > 0;) {
    if (line[i] == ')' || line[i] == ']') ++depth;
    if ((line[i] == '(' || line[i] == '[') && --depth == 0) return i;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> found;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[') ++depth;
    if (text[i] == ')' || text[i] == ']') --depth;
    if (text[i] == ',' && depth == 0) {
      found.push_back(text.substr(begin, i - begin));
      begin = i + 2;  // a space follows
    }
  }
  found.push_back(text.substr(begin));
  return found;
}

void append(std::string& text, std::string_view line, std::size_t indent, std::string_view end) {
  const std::string margin(indent, ' ');
  const std::size_t open = opening(line);
  if (indent + line.size() + end.size() <= kMostColumns || open == std::string_view::npos ||
      open + 2 >= line.size()) {
    text += margin + std::string(line) + std::string(end) + "\n";
    return;
  }
  text += margin + std::string(line.substr(0, open + 1)) + "\n";
  for (const std::string_view part : arguments(line.substr(open + 1, line.size() - open - 2)))
    append(text, part, indent + kStep, ",");
  text += margin + ")" + std::string(end) + "\n";
}

}  // namespace

std::string wrapped(std::string_view code) {
  std::string text;
  while (!code.empty()) {
    const std::size_t end = code.find('\n');
    const std::string_view line = code.substr(0, end);
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos) {
      text += "\n";
    } else {
      append(text, line.substr(indent), indent, "");
    }
    code.remove_prefix(end == std::string_view::npos ? code.size() : end + 1);
  }
  return text;
}

}  // namespace espalier::exports
