#include "files/cbor.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace espalier::host {
namespace {

/// Far above any state, far below what hurts.
constexpr std::size_t most_levels = 100;

/// The head of an item: its major type and its argument (RFC 8949, section 3).
struct Head {
  unsigned type = 0;
  std::uint64_t argument = 0;
};

/// False where the bytes end, and for indefinite lengths, which to_cbor() never writes.
bool read_head(std::string_view& bytes, Head& head) {
  if (bytes.empty()) return false;
  const unsigned byte = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  head = {.type = byte >> 5U, .argument = byte & 31U};
  if (head.argument < 24) return true;
  if (head.argument > 27) return false;
  const std::size_t width = std::size_t{1} << (head.argument - 24);
  if (bytes.size() < width) return false;
  head.argument = 0;
  for (const char digit : bytes.substr(0, width))
    head.argument = head.argument << 8U | static_cast<unsigned char>(digit);
  bytes.remove_prefix(width);
  return true;
}

}  // namespace

// Walks over the one item that they should be, without recursion.
bool is_parsable_cbor(std::string_view bytes) {
  constexpr unsigned byte_string = 2;
  constexpr unsigned text = 3;
  constexpr unsigned list = 4;
  constexpr unsigned map = 5;
  constexpr unsigned tag = 6;
  std::vector<std::uint64_t> open = {1};  // how many items each open list or map still wants
  while (!open.empty()) {
    if (open.back() == 0) {
      open.pop_back();
      continue;
    }
    --open.back();
    Head head;
    if (!read_head(bytes, head) || head.type == tag) return false;
    if (head.type == byte_string || head.type == text) {
      if (head.argument > bytes.size()) return false;
      bytes.remove_prefix(head.argument);
    } else if (head.type == list || head.type == map) {
      const std::uint64_t items = head.type == map ? 2 : 1;
      if (open.size() == most_levels || head.argument > bytes.size() / items) return false;
      open.push_back(head.argument * items);
    }
  }
  return bytes.empty();
}

std::optional<nlohmann::json> parse_cbor(std::string_view bytes) {
  if (!is_parsable_cbor(bytes)) return std::nullopt;
  nlohmann::json value = nlohmann::json::from_cbor(bytes, /*strict=*/true, /*allow_exceptions=*/false);
  return value.is_discarded() ? std::nullopt : std::optional(std::move(value));
}

}  // namespace espalier::host
