#include "plugins/spaces/official_hash_101.h"

#include <algorithm>
#include <boost/uuid/detail/md5.hpp>

namespace espalier::testing {
namespace {

std::string md5(const std::string& text) {
  boost::uuids::detail::md5 hash;
  hash.process_bytes(text.data(), text.size());
  boost::uuids::detail::md5::digest_type digest;
  hash.get_digest(digest);
  std::string hex;
  for (const unsigned word : digest)
    for (unsigned shift = 32; shift > 0; shift -= 4) hex += "0123456789abcdef"[word >> (shift - 4) & 15U];
  return hex;
}

}  // namespace

std::string official_hash(const std::vector<std::vector<bool>>& matrix, const std::vector<int>& labels) {
  const std::size_t size = matrix.size();
  std::vector<std::string> hashes;
  for (std::size_t v = 0; v < size; ++v) {
    int in = 0;
    int out = 0;
    for (std::size_t u = 0; u < size; ++u) {
      in += matrix[u][v] ? 1 : 0;
      out += matrix[v][u] ? 1 : 0;
    }
    const int label = v == 0 ? -1 : v + 1 == size ? -2 : labels[v - 1];
    hashes.push_back(
        md5("(" + std::to_string(out) + ", " + std::to_string(in) + ", " + std::to_string(label) + ")"));
  }
  const auto joined = [](std::vector<std::string> parts) {
    std::ranges::sort(parts);
    std::string text;
    for (const std::string& part : parts) text += part;
    return text;
  };
  for (std::size_t round = 0; round < size; ++round) {
    std::vector<std::string> next;
    for (std::size_t v = 0; v < size; ++v) {
      std::vector<std::string> in;
      std::vector<std::string> out;
      for (std::size_t u = 0; u < size; ++u) {
        if (matrix[u][v]) in.push_back(hashes[u]);
        if (matrix[v][u]) out.push_back(hashes[u]);
      }
      next.push_back(md5(joined(in) + "|" + joined(out) + "|" + hashes[v]));
    }
    hashes = next;
  }
  std::ranges::sort(hashes);
  std::string list = "[";
  for (const std::string& hash : hashes) list += (list.size() > 1 ? ", '" : "'") + hash + "'";
  return md5(list + "]");
}

}  // namespace espalier::testing
