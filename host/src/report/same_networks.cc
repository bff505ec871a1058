#include "report/same_networks.h"

#include <map>
#include <optional>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/space/network_hash.h"

namespace espalier::host {
namespace {

std::optional<std::uint64_t> hash_of(const SearchSpace& space, const std::string& text) {
  try {
    return network_hash(space, space.parse(text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::vector<std::uint64_t>> same_networks(const SearchSpace& space,
                                                      const std::vector<SeedResult>& results) {
  std::map<std::string, std::optional<std::uint64_t>> hashes;  // each string is looked at once
  for (const SeedResult& result : results) hashes.try_emplace(result.architecture);
  if (hashes.size() < 2) return {};
  std::map<std::uint64_t, std::size_t> strings;
  for (auto& [text, hash] : hashes) {
    hash = hash_of(space, text);
    if (hash) ++strings[*hash];
  }
  std::map<std::uint64_t, std::vector<std::uint64_t>> seeds;
  for (const SeedResult& result : results) {
    const auto hash = hashes.at(result.architecture);
    if (hash && strings.at(*hash) > 1) seeds[*hash].push_back(result.seed);
  }
  // In the order of their first seeds, which hashes would not give.
  std::vector<std::vector<std::uint64_t>> all;
  for (const SeedResult& result : results)
    for (const auto& [hash, found] : seeds)
      if (found.front() == result.seed) all.push_back(found);
  return all;
}

}  // namespace espalier::host
