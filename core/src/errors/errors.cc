#include "espalier/errors/errors.h"

#include <string_view>
#include <utility>

#include "espalier/errors/quoted.h"

namespace espalier {
namespace {

/// What a config, a file or a plugin says may come up in a part; it forges no line.
std::string line(const std::string& part) {
  constexpr std::size_t longest = 4000;
  return printable(part, longest);
}

std::string message(const ErrorDetails& details) {
  std::string text =
      details.where.empty() ? line(details.what) : line(details.where) + ": " + line(details.what);
  const auto add = [&text](std::string_view label, const std::string& part) {
    if (!part.empty()) text.append("\n  ").append(label).append(line(part));
  };
  add("expected: ", details.expected);
  add("nearest:  ", details.nearest);
  add("remedy:   ", details.remedy);
  return text;
}

}  // namespace

Error::Error(ErrorDetails details) : std::runtime_error(message(details)), details_(std::move(details)) {}

Error::~Error() = default;

UsageError::~UsageError() = default;

}  // namespace espalier
