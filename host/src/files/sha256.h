#pragma once

#include <sodium/crypto_hash_sha256.h>

#include <string>
#include <string_view>

namespace espalier::host {

/// The SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// Of all bytes so far: 64 lower-case hexadecimal digits.
  std::string digest() const;

 private:
  crypto_hash_sha256_state state_;
};

std::string sha256_of(std::string_view bytes);

}  // namespace espalier::host
