#include "espalier/network/compile/weights_file.h"

#include <ATen/ATen.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <sstream>
#include <string>
#include <utility>

#include "compile/archive.h"
#include "espalier/errors/errors.h"

namespace espalier {
std::string save_weights(const Network& network) {
  torch::serialize::OutputArchive archive;
  write_module(network, archive);
  std::ostringstream bytes;
  archive.save_to(bytes);
  return std::move(bytes).str();
}

void load_weights(const std::filesystem::path& file, Network& network) try {
  torch::serialize::InputArchive archive;
  archive.load_from(file.string(), at::Device(at::kCPU));
  read_module(archive, network);
} catch (const c10::Error& error) {
  const std::string message = error.what_without_backtrace();
  throw Error({.what = "the weights cannot be read: " + message.substr(0, message.find('\n')),
               .where = file.string()});
}

}  // namespace espalier
