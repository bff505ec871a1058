#include "espalier/errors/errors.h"

#include <string_view>
#include <utility>

namespace espalier {
namespace {

std::string message(const ErrorDetails& details) {
  std::string text = details.where.empty() ? details.what : details.where + ": " + details.what;
  const auto add = [&text](std::string_view label, const std::string& part) {
    if (!part.empty()) text.append("\n  ").append(label).append(part);
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
