#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace espalier::host {

/// What tells the entries of a cache apart: everything that decides what a training leaves, as text.
class CacheKey {
 public:
  /// `decisive` names all of it; the order of its members does not matter.
  explicit CacheKey(const nlohmann::json& decisive);

  const std::string& text() const { return text_; }
  /// The SHA-256 of the text, which names the entry.
  const std::string& hash() const { return hash_; }

 private:
  std::string text_;
  std::string hash_;
};

/// Whether a name is one that hash() may return.
bool is_hash(const std::string& name);

}  // namespace espalier::host
