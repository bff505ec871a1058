#include "files/sealed_json.h"

#include <fmt/format.h>

#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr std::string_view end_of_object = "\n}";

std::string seal_of(std::string_view body) {
  return fmt::format(",\n  \"sha256\": \"{}\"\n}}\n", sha256_of(body));
}

}  // namespace

std::string seal(const OrderedJson& object) {
  std::string text = object.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
  text.resize(text.size() - end_of_object.size());
  return text + seal_of(text);
}

bool is_sealed(std::string_view text) {
  static const std::size_t length = seal_of("").size();
  if (text.size() < length) return false;
  const std::string_view body = text.substr(0, text.size() - length);
  return text.substr(body.size()) == seal_of(body);
}

}  // namespace espalier::host
