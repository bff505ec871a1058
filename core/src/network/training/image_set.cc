#include "espalier/network/training/image_set.h"

#include <fmt/format.h>

#include <numeric>

#include "espalier/errors/errors.h"
#include "espalier/plan/layer_graph.h"
#include "espalier/random/random.h"
#include "espalier/space/search_space.h"
#include "training/class_balance.h"

namespace espalier {
namespace {

const Dataset& required(const Dataset* dataset, std::string_view what) {
  if (dataset != nullptr) return *dataset;
  throw UsageError({.what = fmt::format("{} needs a dataset", what),
                    .expected = "images of the shape that the search space takes",
                    .remedy = "add one, e.g. dataset: fashion_mnist"});
}

/// As the supernet has them, or any network where there is no supernet.
int classes_of(const SearchSpace& space) {
  if (space.has_supernet())
    return flatten(space.graph(), space.input_shape(), Purpose::search).output().channels;
  Rng rng(0, "classes_of");
  return flatten(space.instantiate(space.sample(rng)), space.input_shape(), Purpose::evaluation)
      .output()
      .channels;
}

}  // namespace

ImageSet load_images(const Dataset& dataset, Split split, std::size_t limit, std::uint64_t seed) {
  std::shared_ptr<const Images> images = dataset.images(split);
  std::vector<std::uint32_t> indices;
  if (limit > 0 && limit < images->size()) {
    indices = balanced_sample(images->labels, limit, seed);
  } else {
    indices.resize(images->size());
    std::iota(indices.begin(), indices.end(), 0U);
  }
  return {std::move(images), dataset.normalization(), std::move(indices), dataset.may_be_mirrored()};
}

void check_fit(const SearchSpace& space, const Dataset& dataset) {
  const Shape shape = dataset.shape();
  if (shape != space.input_shape()) {
    throw UsageError(
        {.what = fmt::format("the images of \"{}\" are {}", dataset.name(), to_string(shape)),
         .expected = fmt::format("{}, which the search space \"{}\" takes", to_string(space.input_shape()),
                                 space.name()),
         .remedy = shape.height != shape.width
                       ? "choose a dataset of square images, which are what search spaces take"
                       : "if the space has the options image_size and image_channels, leave them "
                         "out, and they follow the dataset; another space needs images of this shape"});
  }
  const int classes = classes_of(space);
  const std::size_t found = dataset.classes();
  if (static_cast<std::size_t>(classes) != found) {
    throw UsageError(
        {.what = fmt::format("\"{}\" has {} classes", dataset.name(), found),
         .expected = fmt::format("{}, which the search space \"{}\" tells apart", classes, space.name()),
         .remedy = "leave classes out of search_space, which then takes those of the dataset"});
  }
}

void check_trainable(const SearchSpace& space, const Dataset& dataset) {
  check_fit(space, dataset);
  Rng rng(0, "check_trainable");
  flatten(space.instantiate(space.sample(rng)), space.input_shape(), Purpose::evaluation);
}

void check_fit(const SearchSpace& space, const Dataset* dataset, std::string_view what) {
  check_fit(space, required(dataset, what));
}

void check_trainable(const SearchSpace& space, const Dataset* dataset, std::string_view what) {
  check_trainable(space, required(dataset, what));
}

}  // namespace espalier
