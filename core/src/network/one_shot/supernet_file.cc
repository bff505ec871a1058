#include "espalier/network/one_shot/supernet_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/files/safetensors.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/search_images.h"

namespace espalier {
namespace {

using nlohmann::json;

constexpr int kFormat = 3;
constexpr const char* kAbout = "supernet";  // in the metadata of the file

/// One line for each layer: what the weights are of.
std::vector<std::string> layers_of(const Network& supernet) {
  std::vector<std::string> lines;
  for (const LayerGraph::Node& node : supernet.plan().graph.nodes)
    lines.push_back(fmt::format("{}: {}, {}", node.name, node.layer.describe(), to_string(node.shape)));
  return lines;
}

void check_layers(const std::vector<std::string>& found, const std::vector<std::string>& expected,
                  const std::string& where) {
  const auto [other, own] = std::ranges::mismatch(found, expected);
  if (other == found.end() && own == expected.end()) return;
  throw UsageError({.what = "the supernet's weights belong to other layers: " +
                            (other == found.end() ? "it has fewer" : *other),
                    .where = where,
                    .expected = own == expected.end() ? "no further layer" : *own,
                    .remedy =
                        "use the options of the search space that the supernet was trained with, and an "
                        "optimizer that leaves the supernet's layers as they are, such as spos"});
}

/// How the images were divided.
DividedImages divided_images(const json& about, const std::string& where, const Dataset& dataset) {
  if (const auto name = about.at("dataset").get<std::string>(); name != dataset.name())
    throw UsageError(
        {.what = fmt::format("the supernet was trained on the dataset \"{}\"", name),
         .where = where,
         .expected = fmt::format("\"{}\", the dataset that architectures are judged on", dataset.name())});
  const ImageOptions options = {.images = about.at("images").get<std::size_t>(),
                                .images_seed = about.at("images_seed").get<std::uint64_t>(),
                                .train_fraction = about.at("train_fraction").get<double>()};
  return options.divide(dataset, about.at("seed").get<std::uint64_t>());
}

void check_space(const json& about, const std::string& where, const SearchSpace& space) {
  if (const int format = about.at("format").get<int>(); format != kFormat)
    throw Error({.what = fmt::format("this is a supernet of format {}", format),
                 .where = where,
                 .expected = fmt::format("format {}, which this version of Espalier writes", kFormat),
                 .remedy = "train the supernet again with this version"});
  if (const auto name = about.at("space").get<std::string>(); name != space.name())
    throw UsageError({.what = fmt::format("this is a supernet of the search space \"{}\"", name),
                      .where = where,
                      .expected = fmt::format("one of \"{}\"", space.name())});
}

[[noreturn]] void throw_damaged(const std::string& where, std::string_view why) {
  throw Error({.what = fmt::format("the supernet cannot be read: {}", why.substr(0, why.find('\n'))),
               .where = where,
               .expected = "the supernet.safetensors that a one-shot search left"});
}

json about_supernet(const StoredTensors& weights, const std::string& where) {
  const auto text = weights.about.find(kAbout);
  if (text == weights.about.end()) throw_damaged(where, "it does not say what it is of");
  return json::parse(text->second);
}

/// Batches to measure the statistics of batch norms on.
SearchImages images_for(const DividedImages& images, const CompileOptions& compile) {
  constexpr std::size_t most = 64;
  LoaderOptions loader = LoaderOptions::from(compile);
  loader.batch_size = std::min({most, images.train.size(), images.validation.size()});
  return SearchImages(images, loader);
}

}  // namespace

std::string save_supernet(const Network& supernet, const SearchSpace& space, const SupernetImages& images) {
  const json about = {{"format", kFormat},
                      {"space", space.name()},
                      {"dataset", images.dataset.name()},
                      {"images", images.options.images},
                      {"images_seed", images.options.images_seed},
                      {"train_fraction", images.options.train_fraction},
                      {"seed", images.seed},
                      {"layers", layers_of(supernet)}};
  StoredTensors weights = stored_weights(supernet);
  weights.about[kAbout] = about.dump();
  return write_safetensors(weights);
}

DividedImages load_supernet(std::string_view bytes, const std::string& where, const SearchSpace& space,
                            const Dataset& dataset, Network& supernet) try {
  const StoredTensors weights = read_safetensors(bytes, where);
  const json about = about_supernet(weights, where);
  check_space(about, where, space);
  check_layers(about.at("layers").get<std::vector<std::string>>(), layers_of(supernet), where);
  DividedImages images = divided_images(about, where, dataset);
  set_weights(weights, where, supernet);
  return images;
} catch (const json::exception& error) {
  throw_damaged(where, error.what());
}

StoredTensors inherited_weights(std::string_view bytes, const std::string& where, const SearchSpace& space,
                                const Architecture& architecture, const Dataset& dataset,
                                const CompileOptions& options, std::uint64_t recalibration_batches) try {
  const StoredTensors weights = read_safetensors(bytes, where);
  const json about = about_supernet(weights, where);
  check_space(about, where, space);
  const auto network = compile(space.subnetwork(architecture), space.input_shape(), Purpose::search, options);
  set_weights(weights, where, *network);
  SearchImages images = images_for(divided_images(about, where, dataset), options);
  constexpr std::uint64_t one = 1;
  InheritedAccuracy{.recalibration_batches = recalibration_batches, .validation_batches = one}.measure(
      *network, images);
  return stored_weights(*network);
} catch (const json::exception& error) {
  throw_damaged(where, error.what());
}

DividedImages load_supernet(const std::filesystem::path& path, const SearchSpace& space,
                            const Dataset& dataset, Network& supernet) {
  const std::filesystem::path file = supernet_file(path);
  const auto bytes = read_file(file);
  if (!bytes)
    throw UsageError(
        {.what = "there is no supernet",
         .where = file.string(),
         .expected = "a file supernet.safetensors, or the folder of a one-shot search that left one"});
  return load_supernet(*bytes, file.string(), space, dataset, supernet);
}

std::filesystem::path supernet_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? path / "supernet.safetensors" : path;
}

}  // namespace espalier
