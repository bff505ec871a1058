#include "cache/cache_key.h"

#include <algorithm>

#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr std::size_t hash_length = 64;

}  // namespace

// nlohmann::json keeps the members of an object in the order of their names.
CacheKey::CacheKey(const nlohmann::json& decisive)
    : text_(decisive.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
      hash_(sha256_of(text_)) {}

bool is_hash(const std::string& name) {
  return name.size() == hash_length && name.find_first_not_of("0123456789abcdef") == name.npos;
}

}  // namespace espalier::host
