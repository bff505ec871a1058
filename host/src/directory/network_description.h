#pragma once

#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "files/json_optional.h"

namespace espalier::host {

/// The name of each class in the order of the labels; its number where the dataset has no names.
std::vector<std::string> class_names(const Dataset& dataset);

/// How a picture becomes the input of a network that was trained on the dataset.
OrderedJson input_to_json(const Dataset& dataset);

/// network.json: what a person needs to know to use the weights beside it without Espalier.
std::string network_description(const std::string& search_space, const std::string& architecture,
                                const Dataset& dataset);

}  // namespace espalier::host
