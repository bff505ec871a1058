#pragma once

#include <algorithm>
#include <string>

#include "espalier/data/dataset.h"
#include "fuzz.h"

namespace espalier::fuzz {

/// Loads the test images of a bundled dataset from a folder: sound, or refused.
inline void load_images(const std::string& dataset, const Folder& folder) {
  succeeds([&] {
    const auto plugin = host().dataset(dataset, "{folder: " + (folder / "").string() + "}");
    const Images images = plugin->read(Split::test);
    require(images.shape == plugin->shape(), "images have the shape of their dataset");
    require(images.pixels.size() == images.size() * static_cast<std::size_t>(images.shape.elements()),
            "every image has its pixels");
    require(std::all_of(images.labels.begin(), images.labels.end(),
                        [&](std::size_t label) { return label < plugin->classes(); }),
            "every label is a class");
  });
}

}  // namespace espalier::fuzz
