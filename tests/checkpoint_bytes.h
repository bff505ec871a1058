#pragma once

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// A checkpoint is its SHA-256 in hexadecimal digits and then CBOR.
namespace espalier::testing {

inline std::string sha256_of(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text;
  return sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
}

inline std::string sealed(const std::string& cbor) { return sha256_of(cbor) + cbor; }

inline std::string to_checkpoint(const nlohmann::json& json) {
  std::string bytes;
  nlohmann::json::to_cbor(json, bytes);
  return sealed(bytes);
}

/// Throws an exception of json when it is damaged.
inline nlohmann::json from_checkpoint(std::string_view checkpoint) {
  constexpr std::size_t sum = 2 * crypto_hash_sha256_BYTES;
  return nlohmann::json::from_cbor(checkpoint.substr(std::min(sum, checkpoint.size())));
}

}  // namespace espalier::testing
