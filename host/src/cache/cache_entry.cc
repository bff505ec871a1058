#include "cache/cache_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "files/sealed_json.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

constexpr const char* entry_file = "entry.json";

[[noreturn]] void refuse_entry(const OwnedFolder& folder, const std::string& what) {
  throw Error({.what = what, .where = folder.path().string()});
}

/// The files of a training, so that no entry names one elsewhere.
bool is_of_a_training(const std::string& name) {
  const auto& known = JobFiles::of_a_result;
  return name == JobFiles::timing || std::ranges::find(known, name) != known.end();
}

OrderedJson read_description(const OwnedFolder& folder, const CacheKey& key) {
  const std::string text = folder.read(entry_file);
  if (!is_sealed(text))
    refuse_entry(folder, fmt::format("{} holds something else than was written", entry_file));
  OrderedJson entry = OrderedJson::parse(text);
  if (nlohmann::json(entry.at("key")).dump() != nlohmann::json::parse(key.text()).dump())
    refuse_entry(folder, "it is the entry of another training");
  return entry;
}

}  // namespace

void write_entry(const OwnedFolder& folder, const CacheKey& key, const CachedTraining& training) {
  OrderedJson sums = OrderedJson::object();
  for (const auto& [name, content] : training.files) {
    if (!is_of_a_training(name)) refuse_entry(folder, fmt::format("{} is no file of a training", name));
    folder.write(name, content);
    sums[name] = sha256_of(content);
  }
  folder.write(entry_file, seal({{"format", cache_format},
                                 {"key", OrderedJson::parse(key.text())},
                                 {"result", training.result},
                                 {"files", sums}}));
}

CachedTraining read_entry(const OwnedFolder& folder, const CacheKey& key) try {
  OrderedJson entry = read_description(folder, key);
  CachedTraining training{.result = std::move(entry.at("result")), .files = {}};
  if (!training.result.is_object()) refuse_entry(folder, fmt::format("{} holds no result", entry_file));
  const OrderedJson& sums = entry.at("files");
  for (const auto& [name, sum] : sums.items()) {
    if (!is_of_a_training(name)) refuse_entry(folder, fmt::format("{} is no file of a training", name));
    std::string content = folder.read(name);
    if (sha256_of(content) != sum.get<std::string>())
      refuse_entry(folder, fmt::format("{} holds something else than was written", name));
    training.files.emplace(name, std::move(content));
  }
  return training;
} catch (const nlohmann::json::exception& error) {
  refuse_entry(folder, fmt::format("{} cannot be read: {}", entry_file, error.what()));
}

}  // namespace espalier::host
