#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <torch/serialize/input-archive.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/weights_file.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWeights = "network.pt";

bool take_tensor(torch::serialize::InputArchive& archive, const std::string& name, const at::Tensor& tensor,
                 bool is_buffer) {
  at::Tensor found;
  if (!archive.try_read(name, found, is_buffer) || found.sizes() != tensor.sizes()) return false;
  tensor.copy_(found);
  return true;
}

void count_fresh(const torch::nn::Module& module, TakenWeights& weights) {
  weights.fresh += module.parameters().size();
}

void take_module(torch::serialize::InputArchive& archive, const torch::nn::Module& module,
                 TakenWeights& weights) {
  for (const auto& entry : module.named_parameters(/*recurse=*/false))
    ++(take_tensor(archive, entry.key(), entry.value(), /*is_buffer=*/false) ? weights.taken : weights.fresh);
  for (const auto& entry : module.named_buffers(/*recurse=*/false))
    take_tensor(archive, entry.key(), entry.value(), /*is_buffer=*/true);
  for (const auto& child : module.named_children()) {
    torch::serialize::InputArchive nested;
    if (archive.try_read(child.key(), nested)) {
      take_module(nested, *child.value(), weights);
    } else {
      count_fresh(*child.value(), weights);
    }
  }
}

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

TakenWeights take_weights(const fs::path& file, Network& network) try {
  const at::NoGradGuard no_grad;
  torch::serialize::InputArchive archive;
  archive.load_from(file.string(), at::Device(at::kCPU));
  TakenWeights weights;
  take_module(archive, network, weights);
  if (weights.taken == 0) {
    throw UsageError(
        {.what = fmt::format("none of the {} parameters of the network has a name and a shape of this file",
                             weights.fresh),
         .where = file.string(),
         .expected = "the weights of a similar network",
         .remedy = "use the search space and the channels of the earlier training, or leave init_from out"});
  }
  return weights;
} catch (const Error&) {
  throw;
} catch (const std::exception& error) {  // of LibTorch, which has several
  const std::string message = error.what();
  throw Error({.what = "the weights cannot be read: " + message.substr(0, message.find('\n')),
               .where = file.string(),
               .expected = "the network.pt that a training from scratch left"});
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
