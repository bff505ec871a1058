#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/files/safetensors.h"
#include "espalier/network/compile/weights_file.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWeights = "network.safetensors";

/// Those of trainings from scratch: a short training to select by does not count.
std::vector<fs::path> weights_below(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    const fs::path inside = entry.path().lexically_relative(folder);
    if (inside.filename() == kWeights && std::ranges::count(inside, fs::path("evaluation")) > 0)
      found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

StoredTensors read_trained_weights(const fs::path& file) {
  const auto bytes = read_file(file);
  if (!bytes)
    throw Error({.what = "there are no weights",
                 .where = file.string(),
                 .expected = "the network.safetensors that a training left"});
  return read_safetensors(*bytes, file.string());
}

TakenWeights take_weights(const fs::path& file, Network& network) {
  StoredTensors found = read_trained_weights(file);
  StoredTensors weights = stored_weights(network);
  const auto parameters = network.named_parameters();
  TakenWeights taken;
  for (auto& [name, own] : weights.tensors) {
    const auto other = found.tensors.find(name);
    const bool fits =
        other != found.tensors.end() && other->second.shape == own.shape && other->second.type == own.type;
    if (fits) own = std::move(other->second);
    if (parameters.contains(name)) ++(fits ? taken.taken : taken.fresh);
  }
  if (taken.taken == 0) {
    throw UsageError(
        {.what = fmt::format("none of the {} parameters of the network has a name and a shape of this file",
                             taken.fresh),
         .where = file.string(),
         .expected = "the weights of a similar network",
         .remedy = "use the search space and the channels of the earlier training, or leave init_from out"});
  }
  set_weights(weights, file.string(), network);
  return taken;
}

fs::path trained_weights_file(const fs::path& path) try {
  constexpr const char* kExpected =
      "a file of weights, the folder of a training, or a run that holds exactly one";
  if (!fs::is_directory(path)) {
    if (fs::exists(path)) return path;
    throw UsageError({.what = "there is no such file", .where = path.string(), .expected = kExpected});
  }
  if (fs::exists(path / kWeights)) return path / kWeights;
  const std::vector<fs::path> found = weights_below(path);
  if (found.size() == 1) return found.front();
  throw UsageError(
      {.what = fmt::format("there are {} trainings in this folder", found.size()),
       .where = path.string(),
       .expected = kExpected,
       .remedy = found.empty() ? "" : fmt::format("name one of them, such as {}", found.front().string())});
} catch (const fs::filesystem_error& error) {
  throw Error({.what = fmt::format("the folder cannot be searched: {}", error.code().message()),
               .where = path.string()});
}

}  // namespace espalier
