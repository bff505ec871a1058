#pragma once

#include <algorithm>
#include <boost/uuid/detail/md5.hpp>
#include <string>
#include <vector>

/// NAS-Bench-101's hash of a cell, as the authors' graph_util.hash_module() computes it.
namespace espalier::testing {

inline std::string md5(const std::string& text) {
  boost::uuids::detail::md5 hash;
  hash.process_bytes(text.data(), text.size());
  boost::uuids::detail::md5::digest_type digest;
  hash.get_digest(digest);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(&digest);
  std::string hex;
  for (std::size_t i = 0; i < sizeof digest; ++i) {
    hex += "0123456789abcdef"[bytes[i] / 16];
    hex += "0123456789abcdef"[bytes[i] % 16];
  }
  return hex;
}

/// `matrix[from][to]`; the labels are 0 to 2 for the operations, without those of input and output.
inline std::string official_hash(const std::vector<std::vector<bool>>& matrix,
                                 const std::vector<int>& labels) {
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
