#include "directory/network_description.h"

#include <fmt/format.h>

namespace espalier::host {
namespace {

/// As short as one writes them: 0.4914, not the double nearest to that float.
OrderedJson floats_to_json(const std::vector<float>& numbers) {
  OrderedJson json = OrderedJson::array();
  for (const float number : numbers) json.push_back(OrderedJson::parse(fmt::format("{}", number)));
  return json;
}

}  // namespace

std::vector<std::string> class_names(const Dataset& dataset) {
  std::vector<std::string> names = dataset.class_names();
  if (names.empty())
    for (std::size_t label = 0; label < dataset.classes(); ++label) names.push_back(fmt::to_string(label));
  return names;
}

OrderedJson input_to_json(const Dataset& dataset) {
  const Shape shape = dataset.shape();
  const Normalization normalization = dataset.normalization();
  return {{"dataset", dataset.name()},
          {"shape", {shape.channels, shape.height, shape.width}},
          {"preparation", dataset.preparation()},
          {"normalization", "(pixel / 255 - mean) / standard_deviation"},
          {"mean", floats_to_json(normalization.mean)},
          {"standard_deviation", floats_to_json(normalization.standard_deviation)}};
}

std::string network_description(const std::string& search_space, const std::string& architecture,
                                const Dataset& dataset) {
  const OrderedJson json = {{"search_space", search_space},
                            {"architecture", architecture},
                            {"input", input_to_json(dataset)},
                            {"classes", class_names(dataset)}};
  constexpr int indentation = 2;
  return json.dump(indentation, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace espalier::host
